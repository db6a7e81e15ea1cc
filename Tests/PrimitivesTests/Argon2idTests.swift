// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@Suite("Argon2id")
struct Argon2idTests {
    private func derive(
        _ passphrase: [UInt8], salt: Int = 16, operations: UInt32 = 1, memoryKiB: UInt32 = 8, count: Int = 32
    ) throws(PrimitiveError) -> [UInt8] {
        try Samples.filled(count) { key throws(PrimitiveError) in
            try Argon2id.derive(
                from: passphrase.span, salt: Array(0..<UInt8(salt)), operations: operations, memoryKiB: memoryKiB,
                into: &key)
        }
    }

    // By another implementation, which gives RFC 9106 §5.3's tag.
    @Test(
        "the keys are the known ones",
        arguments: [
            ("", 1, 8, "31ed41e2d73f27fdfe4eb4bec651341e58ba43477051c6fe4adad735d82ee08a"),
            ("password", 1, 8, "3a008963c65f7ffa7331a90babd1fd17ea9f03bd05356b857ceb43f7b7080adc"),
            ("correct horse battery staple", 3, 64, "bc240e180a205bd2e782cdc64983f247e76aeb8fb2133aec1570b70cccd68bff"),
            ("pässword 🔑", 16, 20, "fd85d6c3e78504e80a475493d944993c5419b1a8a634822c206134003bf8975f"),
        ] as [(String, UInt32, UInt32, String)])
    func known(passphrase: String, operations: UInt32, memoryKiB: UInt32, key: String) throws {
        let derived = try derive(Array(passphrase.utf8), operations: operations, memoryKiB: memoryKiB)
        #expect(Hex.encode(derived) == key)
    }

    @Test(
        "costs that are not allowed fail",
        arguments: [(0, 8), (17, 8), (.max, 8), (1, 0), (1, 7), (1, (1 << 20) + 1), (1, .max)] as [(UInt32, UInt32)])
    func costs(operations: UInt32, memoryKiB: UInt32) {
        #expect(throws: PrimitiveError.failed) {
            try derive([1], operations: operations, memoryKiB: memoryKiB)
        }
    }

    @Test("a salt or a key of another length fails")
    func lengths() {
        for salt in [0, 8, 15, 17, 32] {
            #expect(throws: PrimitiveError.failed) { try derive([1], salt: salt) }
        }
        for count in [0, 16, 31, 33, 64] {
            #expect(throws: PrimitiveError.failed) { try derive([1], count: count) }
        }
    }
}
