// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing
import VectorKit

@testable import Attestation

@Suite("The project's own documents")
struct OwnDocumentTests {
    private static let reasons: [String: AttestationError] = [
        "reject-signature": .badSignature,
        "reject-other-root": .untrusted(.otherRoot),
        "reject-expired": .expired,
        "reject-alg-es256": .malformed(.protectedHeader),
        "reject-no-certificate": .malformed(.certificate),
        "reject-pcr-47": .malformed(.registers),
        "reject-nonce-600": .malformed(.nonce),
        "reject-empty-cabundle": .malformed(.certificateBundle),
        "reject-truncated": .malformed(.payload),
    ]

    @Test("are two to accept and nine to refuse")
    func count() throws {
        let all = try OwnDocuments.all()
        #expect(all.count { $0.expect == "accept" } == 2)
        #expect(Set(all.filter { $0.expect == "reject" }.map(\.id)) == Set(Self.reasons.keys))
    }

    @Test("say what they say, or are refused for their reason", arguments: try OwnDocuments.all())
    func verify(vector: DocumentVector) async throws {
        let (document, root) = try OwnDocuments.contents(vector)
        let verifier = AttestationVerifier(policy: AttestationPolicy(roots: [.awsNitro, root]))
        guard let reason = Self.reasons[vector.id] else {
            let verified = try await verifier.verify(document, at: vector.instant)
            #expect(verified.root == root)
            try #require(vector.fields).expect(verified)
            return
        }
        await #expect(throws: reason) { try await verifier.verify(document, at: vector.instant) }
        #expect(throws: reason) { try verifier.verifyHere(document, at: vector.instant) }
    }

    @Test("are under another root than that of AWS")
    func otherRoot() async throws {
        let (document, _) = try OwnDocuments.valid()
        let verifier = AttestationVerifier(policy: AttestationPolicy())
        await #expect(throws: AttestationError.untrusted(.otherRoot)) {
            try await verifier.verify(document, at: .documentTime)
        }
    }
}

@Suite("Published documents of AWS", .enabled(if: Vectors.areAvailable, Vectors.need))
struct PublishedDocumentTests {
    @Test("there are two")
    func count() throws {
        #expect(try PublishedDocuments.all().count == 2)
    }

    @Test("are signed under the root that is pinned, and say what they say", arguments: [0, 1])
    func verify(index: Int) async throws {
        let vector = try PublishedDocuments.all()[index]
        let (document, root) = try PublishedDocuments.contents(vector)
        #expect(root == .awsNitro)
        let verifier = AttestationVerifier(policy: AttestationPolicy())
        let verified = try await verifier.verify(document, at: vector.instant)
        #expect(verified.root == .awsNitro)
        try #require(vector.fields).expect(verified)
        #expect(try await verifier.verify(document, at: .documentTime) == verified)
        #expect(try verifier.verifyHere(document, at: vector.instant) == verified)
    }

    @Test("are out of date three hours later", arguments: [0, 1])
    func later(index: Int) async throws {
        let vector = try PublishedDocuments.all()[index]
        let (document, _) = try PublishedDocuments.contents(vector)
        let end = try #require(vector.fields).chain_not_after * 1000
        let verifier = AttestationVerifier(policy: AttestationPolicy())
        _ = try await verifier.verify(document, at: .at(milliseconds: end))
        await #expect(throws: AttestationError.expired) {
            try await verifier.verify(document, at: .at(milliseconds: end + 1))
        }
    }
}
