// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@Suite("PBKDF2-HMAC-SHA512")
struct PBKDF2Tests {
    // RFC 6070's inputs; the outputs by another implementation, as the RFC has none for SHA-512.
    @Test(
        "the keys are the known ones",
        arguments: [
            (
                "password", "salt", 1,
                "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252"
                    + "c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce"
            ),
            (
                "password", "salt", 2,
                "e1d9c16aa681708a45f5c7c4e215ceb66e011a2e9f0040713f18aefdb866d53c"
                    + "f76cab2868a39b9f7840edce4fef5a82be67335c77a6068e04112754f27ccf4e"
            ),
            (
                "password", "salt", 4096,
                "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5"
                    + "143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5"
            ),
            (
                "passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096,
                "8c0511f4c6e597c6ac6315d8f0362e225f3c501495ba23b868c005174dc4ee71"
                    + "115b59f9e60cd9532fa33e0f75aefe30225c583a186cd82bd4daea9724a3d3b8"
            ),
            (
                "", "salt", 1,
                "00ef42cdbfc98d29db20976608e455567fdddf141f6eb03b5a85addd25974f5d"
                    + "2375bd5082b803e8f4cfa88ae1bd25256fcbddd2318676566ff2797792302aee"
            ),
        ] as [(String, String, Int32, String)])
    func known(password: String, salt: String, rounds: Int32, key: String) throws {
        var isDone = false
        let derived = Samples.filled(64) { output in
            isDone = PBKDF2.derive(
                password: Array(password.utf8).span, salt: Array(salt.utf8).span, rounds: rounds, into: &output)
        }
        #expect(isDone)
        #expect(Hex.encode(derived) == key)
    }
}
