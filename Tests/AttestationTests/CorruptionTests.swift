// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Attestation

@Suite("A document that was changed")
struct CorruptionTests {
    /// So that the parts run side by side.
    private static let parts = 0..<8

    @Test("is not read as it was, for each bit of each byte", arguments: parts)
    func bits(part: Int) throws {
        let (document, _) = try OwnDocuments.valid()
        let whole = try SignedDocument(parsing: document)
        for index in stride(from: part, to: document.count, by: Self.parts.count) {
            for bit in 0..<8 {
                var changed = document
                changed[index] ^= 1 << UInt8(bit)
                let read = try? SignedDocument(parsing: changed)
                #expect(read != whole, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test("is never accepted, for each byte", arguments: parts)
    func bytes(part: Int) throws {
        let (document, verifier) = try OwnDocuments.valid()
        for index in stride(from: part, to: document.count, by: Self.parts.count) {
            var changed = document
            // Another bit in each byte of a row, so that each kind of field meets each.
            changed[index] ^= 1 << UInt8(index / Self.parts.count % 8)
            #expect(throws: AttestationError.self, "byte \(index)") {
                try verifier.verifyHere(changed, at: .documentTime)
            }
        }
    }

    @Test("is never read where its end is missing", arguments: parts)
    func truncated(part: Int) throws {
        let (document, _) = try OwnDocuments.valid()
        for count in stride(from: part, to: document.count, by: Self.parts.count) {
            #expect(throws: AttestationError.self, "\(count) bytes") {
                try AttestationDocument(parsing: Array(document.prefix(count)))
            }
        }
    }

    @Test("is never read where a byte is missing or one too many", arguments: parts)
    func shifted(part: Int) throws {
        let (document, _) = try OwnDocuments.valid()
        let whole = try SignedDocument(parsing: document)
        for index in stride(from: part, to: document.count, by: Self.parts.count) {
            var less = document
            less.remove(at: index)
            var more = document
            more.insert(0, at: index)
            for changed in [less, more] {
                #expect((try? SignedDocument(parsing: changed)) != whole, "byte \(index)")
            }
        }
    }
}
