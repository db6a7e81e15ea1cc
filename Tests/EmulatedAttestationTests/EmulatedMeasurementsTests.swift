// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import Testing

@testable import EmulatedAttestation

@Suite("emulated measurements")
struct EmulatedMeasurementsTests {
    /// SHA-384 of text, as `openssl sha384` gives it; that of "abc" is also in FIPS 180-4's examples.
    private static let digests = [
        "": "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
        "abc": "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        "0.1.0": "1e0e74370b959b87e5a88ca5d101677a6ba20f77777bdbdf537e999bbb14f7909316434f9a9defa2ce45642e4a6a5f43",
        #"{"mode":"development"}"#:
            "0f6002c0f51b9a1a0e67414081261bb9006a6c88d1df6a5630b9c5c4f9fc6ec87df3748768c88c8164fc5ae3a9395916",
    ]

    private let executable = [UInt8](0..<48)

    @Test("register 0 is the digest of the executable itself, register 3 is zero, and the root is the insecure one")
    func given() {
        let measured = EmulatedMeasurements.measure(executableDigest: executable, policy: [], version: "")
        #expect(measured.pcr0 == executable)
        #expect(measured.pcr3 == [UInt8](repeating: 0, count: 48))
        #expect(measured.rootCertificate == DevelopmentRoot.certificate)
    }

    @Test("register 1 is SHA-384 of the policy", arguments: digests)
    func policy(text: String, digest: String) {
        let policy = Array(text.utf8)
        let measured = EmulatedMeasurements.measure(executableDigest: executable, policy: policy, version: "1.2.3")
        #expect(Hex.encode(measured.pcr1) == digest)
    }

    @Test("register 2 is SHA-384 of the version", arguments: digests)
    func version(text: String, digest: String) {
        let measured = EmulatedMeasurements.measure(executableDigest: executable, policy: [1], version: text)
        #expect(Hex.encode(measured.pcr2) == digest)
    }
}
