// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@testable import EmulatedAttestation

@Suite("emulated registers")
struct EmulatedRegistersTests {
    /// SHA-384 of text, as `openssl sha384` gives it; that of "abc" is also in FIPS 180-4's examples.
    private static let digests = [
        "": "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
        "abc": "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        "0.1.0": "1e0e74370b959b87e5a88ca5d101677a6ba20f77777bdbdf537e999bbb14f7909316434f9a9defa2ce45642e4a6a5f43",
        #"{"mode":"development"}"#:
            "0f6002c0f51b9a1a0e67414081261bb9006a6c88d1df6a5630b9c5c4f9fc6ec87df3748768c88c8164fc5ae3a9395916",
    ]

    private let executable = [UInt8](0..<48)

    @Test("there are four: register 0 is the digest of the executable itself, and register 3 is zero")
    func given() {
        let values = EmulatedRegisters(executableDigest: executable, policy: [], version: "").values
        #expect(values.count == 4)
        #expect(values[0] == executable)
        #expect(values[3] == [UInt8](repeating: 0, count: 48))
    }

    @Test("register 1 is SHA-384 of the policy", arguments: digests)
    func policy(text: String, digest: String) {
        let policy = Array(text.utf8)
        let values = EmulatedRegisters(executableDigest: executable, policy: policy, version: "1.2.3").values
        #expect(Hex.encode(values[1]) == digest)
    }

    @Test("register 2 is SHA-384 of the version", arguments: digests)
    func version(text: String, digest: String) {
        let values = EmulatedRegisters(executableDigest: executable, policy: [1], version: text).values
        #expect(Hex.encode(values[2]) == digest)
    }

    @Test("a digest of another length ends the process")
    func otherLength() async {
        await #expect(processExitsWith: .failure) {
            _ = EmulatedRegisters(executableDigest: [1], policy: [], version: "")
        }
    }
}
