// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@Suite("AES-256-GCM")
struct AES256GCMTests {
    private let key = [UInt8](repeating: 7, count: 32)
    private let nonce = [UInt8](0..<12)

    private func sealed(_ plain: [UInt8], _ data: [UInt8] = []) throws -> [UInt8] {
        try AES256GCM.seal(plain.span, key: key.span, nonce: nonce, authenticating: data)
    }

    /// The plaintext and whether the tag matched.
    private func opened(_ sealed: [UInt8], _ data: [UInt8] = []) throws -> ([UInt8], Bool) {
        var isOpen = false
        let plain = try Samples.filled(max(0, sealed.count - 16)) { output throws(PrimitiveError) in
            isOpen = try AES256GCM.open(sealed, key: key.span, nonce: nonce, authenticating: data, into: &output)
        }
        return (plain, isOpen)
    }

    @Test("what is sealed opens, at every length", arguments: [0, 1, 15, 16, 17, 32, 1000, 70_000])
    func lengths(count: Int) throws {
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for data in [[], [1], [UInt8](repeating: 2, count: 132)] as [[UInt8]] {
            let sealed = try sealed(plain, data)
            #expect(sealed.count == count + AES256GCM.tagBytes)
            let (opened, isOpen) = try opened(sealed, data)
            #expect(isOpen)
            #expect(opened == plain)
        }
    }

    @Test("a bit changed anywhere is found, and the output is zeroed")
    func changed() throws {
        let sealed = try sealed([1, 2, 3, 4, 5], [9, 9])
        for bit in 0..<(sealed.count * 8) {
            var wrong = sealed
            wrong[bit / 8] ^= 1 << (bit % 8)
            let (opened, isOpen) = try opened(wrong, [9, 9])
            #expect(!isOpen)
            #expect(opened == [0, 0, 0, 0, 0])
        }
        for data in [[], [9], [9, 8], [9, 9, 0]] as [[UInt8]] {
            let (opened, isOpen) = try opened(sealed, data)
            #expect(!isOpen)
            #expect(opened == [0, 0, 0, 0, 0])
        }
    }

    @Test("what is too short for a tag does not open", arguments: [0, 1, 15])
    func tooShort(count: Int) throws {
        #expect(try !opened([UInt8](repeating: 0, count: count)).1)
    }

    @Test("a key or a nonce of another length fails")
    func argumentLengths() throws {
        for (key, nonce) in [
            (Array(key.dropLast()), nonce), (key + [0], nonce), ([], nonce), (key, Array(nonce.dropLast())),
            (key, nonce + [0]), (key, []),
        ] {
            #expect(throws: PrimitiveError.failed) {
                try AES256GCM.seal([1].span, key: key.span, nonce: nonce, authenticating: [])
            }
            #expect(throws: PrimitiveError.failed) {
                try Samples.filled(1) { output throws(PrimitiveError) in
                    _ = try AES256GCM.open(
                        [UInt8](repeating: 0, count: 17), key: key.span, nonce: nonce, authenticating: [],
                        into: &output)
                }
            }
        }
    }

    @Test("an output of another length fails", arguments: [0, 4, 6])
    func outputLength(count: Int) throws {
        let sealed = try sealed([1, 2, 3, 4, 5])
        #expect(throws: PrimitiveError.failed) {
            try Samples.filled(count) { output throws(PrimitiveError) in
                _ = try AES256GCM.open(sealed, key: key.span, nonce: nonce, authenticating: [], into: &output)
            }
        }
    }
}
