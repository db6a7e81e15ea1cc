// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Testing

@testable import NitroAttestation

/// A request and its answer, byte for byte.
///
/// Not from hardware: derived by hand from what AWS publishes, the types `Request` and `Response` of its crate
/// aws-nitro-enclaves-nsm-api and serde's way to write them in CBOR, with an encoder that is not the one under test.
struct RecordedExchange: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let request: NSMRequest
    let requestHexadecimal: String
    let answer: NSMAnswer
    let answerHexadecimal: String

    /// SHA-384 of 48 zeros and the bytes 00 to 2f.
    private static let extended = bytes(
        "fe83f742d1cab5c709a0c424729831fbff9b5bb9748a618f0b6ea04fe1fde4d546f4040e7fc9587b2e6badad"
            + "a6c941b0"
    )

    static func bytes(_ hexadecimal: String) -> [UInt8] {
        Hex.decode(hexadecimal) ?? []
    }
}

extension RecordedExchange {
    static let all = [
        RecordedExchange(
            testDescription: "what the module is",
            request: .describeModule,
            requestHexadecimal: "6b44657363726962654e534d",
            answer: .module(
                NSMDescription(
                    majorVersion: 1, moduleID: "i-1234-enc5678", registerCount: 32, lockedRegisters: Array(0..<16)
                )
            ),
            answerHexadecimal:
                "a16b44657363726962654e534da76664696765737466534841333834686d61785f706372731820696d6f6475"
                + "6c655f69646e692d313233342d656e63353637386b6c6f636b65645f7063727390000102030405060708090a"
                + "0b0c0d0e0f6d76657273696f6e5f6d616a6f72016d76657273696f6e5f6d696e6f72006d76657273696f6e5f"
                + "706174636800"
        ),
        RecordedExchange(
            testDescription: "a locked register",
            request: .describeRegister(3),
            requestHexadecimal: "a16b4465736372696265504352a165696e64657803",
            answer: .register(NSMRegister(value: NSMDouble.zero, isLocked: true)),
            answerHexadecimal:
                "a16b4465736372696265504352a2646c6f636bf5646461746158300000000000000000000000000000000000"
                + "00000000000000000000000000000000000000000000000000000000000000"
        ),
        RecordedExchange(
            testDescription: "a register that is not locked",
            request: .describeRegister(31),
            requestHexadecimal: "a16b4465736372696265504352a165696e646578181f",
            answer: .register(NSMRegister(value: extended, isLocked: false)),
            answerHexadecimal:
                "a16b4465736372696265504352a2646c6f636bf464646174615830fe83f742d1cab5c709a0c424729831fbff"
                + "9b5bb9748a618f0b6ea04fe1fde4d546f4040e7fc9587b2e6badada6c941b0"
        ),
        RecordedExchange(
            testDescription: "an extension by 00 to 2f",
            request: .extendRegister(16, data: [UInt8](0..<48)),
            requestHexadecimal:
                "a169457874656e64504352a265696e6465781064646174615830000102030405060708090a0b0c0d0e0f1011"
                + "12131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f",
            answer: .extended(extended),
            answerHexadecimal:
                "a169457874656e64504352a164646174615830fe83f742d1cab5c709a0c424729831fbff9b5bb9748a618f0b"
                + "6ea04fe1fde4d546f4040e7fc9587b2e6badada6c941b0"
        ),
        RecordedExchange(
            testDescription: "the lock",
            request: .lockRegisters(below: 32),
            requestHexadecimal: "a1684c6f636b50435273a16572616e67651820",
            answer: .locked,
            answerHexadecimal: "684c6f636b50435273"
        ),
        RecordedExchange(
            testDescription: "a document about nothing",
            request: .attestation(userData: nil, nonce: nil, publicKey: nil),
            requestHexadecimal:
                "a16b4174746573746174696f6ea369757365725f64617461f6656e6f6e6365f66a7075626c69635f6b6579f6",
            answer: .document([0x84, 0x44, 0xa1, 0x01, 0x38, 0x22, 0xa0]),
            answerHexadecimal: "a16b4174746573746174696f6ea168646f63756d656e74478444a1013822a0"
        ),
        RecordedExchange(
            testDescription: "a document about three things, one of them empty",
            request: .attestation(userData: [1, 2, 3], nonce: [], publicKey: [UInt8](repeating: 4, count: 24)),
            requestHexadecimal:
                "a16b4174746573746174696f6ea369757365725f6461746143010203656e6f6e6365406a7075626c69635f6b"
                + "65795818040404040404040404040404040404040404040404040404",
            answer: .document([0x84, 0x44, 0xa1, 0x01, 0x38, 0x22, 0xa0]),
            answerHexadecimal: "a16b4174746573746174696f6ea168646f63756d656e74478444a1013822a0"
        ),
        RecordedExchange(
            testDescription: "random bytes",
            request: .random,
            requestHexadecimal: "6947657452616e646f6d",
            answer: .random([UInt8](0..<32)),
            answerHexadecimal:
                "a16947657452616e646f6da16672616e646f6d5820000102030405060708090a0b0c0d0e0f10111213141516"
                + "1718191a1b1c1d1e1f"
        ),
        RecordedExchange(
            testDescription: "a refusal",
            request: .describeRegister(.max),
            requestHexadecimal: "a16b4465736372696265504352a165696e64657819ffff",
            answer: .refused(.invalidIndex),
            answerHexadecimal: "a1654572726f726c496e76616c6964496e646578"
        ),
    ]
}
