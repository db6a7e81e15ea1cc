// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives

/// A certificate authority of attestation that this tool knows by its certificate.
enum KnownRoot: String {
    /// Of AWS, for Nitro Enclaves (G1): SHA-256 of the certificate as AWS publishes it.
    case nitro = "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b"
    /// renclave's development root, whose private key is public.
    case development = "483e1a19f190596e6bad579552eaf6eae4b4262602b2194e25a75d1ca3cce390"

    /// - Parameter certificate: DER.
    init?(_ certificate: [UInt8]) {
        self.init(rawValue: Hex.encode(SHA256.digest(certificate)))
    }

    init?(_ root: RootFingerprint) {
        self.init(rawValue: Hex.encode(root.bytes))
    }

    /// In one word, for a script.
    var name: String {
        switch self {
        case .nitro: "aws_nitro"
        case .development: "renclave_development"
        }
    }

    /// For a person.
    var meaning: String {
        switch self {
        case .nitro: "AWS Nitro Enclaves"
        case .development: "renclave's development root: INSECURE, anyone can sign under it"
        }
    }
}
