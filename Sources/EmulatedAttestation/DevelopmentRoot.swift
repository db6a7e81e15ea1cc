// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

// Made by scripts/generate-development-root.sh.

/// The root of development attestation: INSECURE, for its private key is below, for everyone to read.
///
/// Without hardware nothing can keep a key from whoever runs the enclave. So this one is no secret by design: anyone
/// can sign a document under it that says anything, and all that such a document shows is that the path which makes
/// and verifies documents works. The subject of the certificate says so, and the production enclave contains neither
/// the certificate nor the key.
package enum DevelopmentRoot {
    /// The self-signed X.509 certificate in DER: P-384, ecdsa-with-SHA384, valid through the years 2026 to 2055.
    package static let certificate: [UInt8] = bytes(
        """
        3082022b308201b1a00302010202142c828229d8b88a424b075abb059f4c0cdf35cc05300a06082a8648ce3d04030330\
        54313f303d06035504030c3672656e636c61766520494e53454355524520646576656c6f706d656e7420726f6f74202d\
        20697473206b6579206973207075626c69633111300f060355040a0c0872656e636c6176653020170d32363031303130\
        30303030305a180f32303536303130313030303030305a3054313f303d06035504030c3672656e636c61766520494e53\
        454355524520646576656c6f706d656e7420726f6f74202d20697473206b6579206973207075626c69633111300f0603\
        55040a0c0872656e636c6176653076301006072a8648ce3d020106052b810400220362000485d66fbcb8ea73fe03b7ac\
        2a5566a4ce4f20a5547e5e5857d3bdd3b455771942f3c53483c187b8bc3d67d82772e467cf469f315ffc2443caff0602\
        655da1a7f28d7708f75eae7f4a95e19c33444eebc463b04de4949f2cbc1c55b7c2f81d7c86a3423040300f0603551d13\
        0101ff040530030101ff300e0603551d0f0101ff040403020106301d0603551d0e041604146f3ba7d7216045eade6308\
        f4a2d9ca450ff3c2f2300a06082a8648ce3d040303036800306502307225867b993d35471ea67921703cbbbbe58bd368\
        0fbef73976e468724ab0054a6555f68f2b5cde6bbb3983bb89740dd1023100bf40b73d4296b3c48a2bc673adc75e53a5\
        e27939351ef594231dc7abe975e177348036ea5d5c4fa8314facc6cbffb515
        """
    )

    /// The private key of `certificate`: 48 bytes, a big-endian scalar of P-384. Public knowledge, and to stay so.
    package static let privateKeyScalar: [UInt8] = bytes(
        """
        7b187b83990b8e2b6ff7d5375d7c53774335868628cdbb19e141cd1339720d5d4172de1ef07bf849f6183160f45797a8
        """
    )

    /// The literals above are whole bytes, which a test of their digests holds; empty is what nothing would accept.
    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        Hex.decode(hexadecimal) ?? []
    }
}
