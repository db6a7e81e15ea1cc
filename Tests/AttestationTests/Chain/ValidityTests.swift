// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing
import X509

@testable import Attestation

@Suite("When certificates are valid")
struct ValidityTests {
    /// A second within the validity of the leaf, and so of all.
    private static let second = ChainPlan.leafValidity.lowerBound + 3600

    @Test("each is valid from its first second to its last", arguments: 0...ChainPlan.leaf)
    func each(place: Int) async throws {
        let ending = try chain { $0[place].end = Self.second }
        let beginning = try chain { $0[place].beginning = Self.second }
        let instant = Self.second * 1000
        let validity = ChainPlan.leafValidity
        #expect(try await ending.verify(at: instant).validity == validity.lowerBound * 1000...instant)
        #expect(try await beginning.verify(at: instant).validity == instant...validity.upperBound * 1000)
        for late in [1, 1000, Int64.max - instant] {
            await #expect(throws: AttestationError.expired) { try await ending.verify(at: instant + late) }
        }
        for early in [1, 1000, instant, instant * 2] {
            await #expect(throws: AttestationError.notYetValid) { try await beginning.verify(at: instant - early) }
        }
        await #expect(throws: AttestationError.notYetValid) { try await beginning.verify(at: .min) }
    }

    @Test("those that are never valid together are never accepted")
    func never() async throws {
        let chain = try chain {
            $0[ChainPlan.region].end = Self.second - 1
            $0[ChainPlan.instance].beginning = Self.second
        }
        await #expect(throws: AttestationError.notYetValid) { try await chain.verify(at: Self.second * 1000 - 1000) }
        await #expect(throws: AttestationError.expired) { try await chain.verify(at: Self.second * 1000 - 999) }
        await #expect(throws: AttestationError.expired) { try await chain.verify(at: Self.second * 1000) }
    }

    @Test("one that ends before it begins is never accepted")
    func reversed() async throws {
        let chain = try chain {
            $0[ChainPlan.leaf].beginning = Self.second
            $0[ChainPlan.leaf].end = Self.second - 10
        }
        await #expect(throws: AttestationError.expired) { try await chain.verify(at: Self.second * 1000 - 5000) }
    }

    @Test("every year of four digits is understood")
    func years() async throws {
        let first: Int64 = -62_167_219_200
        let last: Int64 = 253_402_300_799
        let chain = try chain { certificates in
            for place in certificates.indices {
                certificates[place].beginning = first
                certificates[place].end = last
            }
        }
        let document = try chain.plan.with("timestamp", CBOR.unsigned(1)).document(signedBy: try chain.documentKey)
        for instant in [0, last * 1000] {
            #expect(try await chain.verify(document, at: instant).validity == first * 1000...last * 1000)
        }
        // The certificates are valid, the document is not made yet.
        await #expect(throws: AttestationError.future) { try await chain.verify(document, at: first * 1000) }
        await #expect(throws: AttestationError.notYetValid) { try await chain.verify(at: .min) }
        await #expect(throws: AttestationError.expired) { try await chain.verify(at: .max) }
    }

    @Test("a forged chain is said to be that, not to be out of date")
    func forgedAndExpired() async throws {
        let forger = Certificate.PrivateKey(try SampleKeys.p384(99))
        let chain = try chain { $0[ChainPlan.region].issuerKey = forger }
        for instant in [0, Int64.max] {
            await #expect(throws: AttestationError.untrusted(.badChain)) { try await chain.verify(at: instant) }
        }
    }

    @Test(
        "at the document's own time it is that which counts",
        arguments: [
            (ChainPlan.leafValidity.lowerBound * 1000 - 1, AttestationError.notYetValid),
            (ChainPlan.leafValidity.lowerBound * 1000, nil), (ChainPlan.leafValidity.upperBound * 1000, nil),
            (ChainPlan.leafValidity.upperBound * 1000 + 1, .expired), (1, .notYetValid), (Int64.max, .expired),
        ])
    func documentTime(timestamp: Int64, error: AttestationError?) async throws {
        try await expect(error, timestamp: UInt64(timestamp))
    }

    @Test("a time that no clock shows is too late")
    func farFuture() async throws {
        try await expect(.expired, timestamp: .max)
    }

    private func expect(_ error: AttestationError?, timestamp: UInt64) async throws {
        let chain = try ChainPlan().issue()
        let document = try chain.plan.with("timestamp", CBOR.unsigned(timestamp))
            .document(signedBy: try chain.documentKey)
        // The age does not count at the document's own time.
        let verifier = AttestationVerifier(policy: AttestationPolicy(roots: [chain.root], maximumAge: 0))
        if let error {
            await #expect(throws: error) { try await verifier.verify(document, at: .documentTime) }
        } else {
            #expect(try await verifier.verify(document, at: .documentTime).document.timestamp == timestamp)
        }
    }

    private func chain(_ change: (inout [CertificatePlan]) -> Void) throws -> IssuedChain {
        var plan = try ChainPlan()
        change(&plan.certificates)
        return try plan.issue()
    }
}
