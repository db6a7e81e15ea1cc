// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Attestation

@Suite("What a policy asks of a document")
struct PolicyCheckTests {
    private typealias Measurements = AttestationPolicy.Measurements

    private static let usual = Measurements(
        pcr0: DocumentPlan.register(0), pcr1: DocumentPlan.register(1), pcr2: DocumentPlan.register(2)
    )

    @Test("by default it is the root of AWS alone")
    func usual() throws {
        let policy = AttestationPolicy()
        #expect(policy.roots == [.awsNitro])
        #expect(policy.measurements.isEmpty && policy.nonce == nil && policy.maximumAge == nil)
        try policy.check(try document(), at: .at(milliseconds: .max))
    }

    // MARK: Measurements

    @Test("any of the accepted sets will do")
    func sets() throws {
        let other = Measurements(pcr0: [1], pcr1: [2], pcr2: [3])
        for sets in [[Self.usual], [other, Self.usual], [Self.usual, other]] {
            try AttestationPolicy(measurements: sets).check(try document(), at: .documentTime)
        }
    }

    @Test("the first register up to which no set fits is named", arguments: 0..<4)
    func register(index: Int) throws {
        var set = Self.usual
        set.pcr3 = DocumentPlan.register(3)
        try AttestationPolicy(measurements: [set]).check(try document(), at: .documentTime)
        switch index {
        case 0: set.pcr0[47] ^= 1
        case 1: set.pcr1 = []
        case 2: set.pcr2.removeLast()
        default: set.pcr3 = [UInt8](repeating: 0, count: 48)
        }
        try expect(.otherMeasurements(register: index), AttestationPolicy(measurements: [set]))
        let nothing = Measurements(pcr0: [], pcr1: [], pcr2: [])
        try expect(.otherMeasurements(register: index), AttestationPolicy(measurements: [nothing, set]))
    }

    @Test("registers of two sets do not add up to one that is accepted")
    func mixed() throws {
        var first = Self.usual
        first.pcr1 = DocumentPlan.register(9)
        var second = Self.usual
        second.pcr0 = DocumentPlan.register(9)
        try expect(.otherMeasurements(register: 1), AttestationPolicy(measurements: [first, second]))
    }

    @Test("a register that the document does not have is not the accepted one")
    func absent() throws {
        let registers = CBOR.map([(CBOR.unsigned(1), CBOR.bytes(DocumentPlan.register(1)))])
        let document = try AttestationDocument(payload: DocumentPlan().with("pcrs", registers).payload())
        let policy = AttestationPolicy(measurements: [Self.usual])
        #expect(throws: AttestationError.otherMeasurements(register: 0)) {
            try policy.check(document, at: .documentTime)
        }
    }

    // MARK: Nonce

    @Test(
        "a nonce must be the very one",
        arguments: [
            ([1, 2, 3], [1, 2, 3], true), ([], [], true), ([1, 2, 3], [1, 2, 4], false), ([1, 2, 3], [1, 2], false),
            ([1, 2], [1, 2, 3], false), ([], nil, false), ([], [1], false), ([1], nil, false), (nil, nil, true),
            (nil, [1], true),
        ] as [([UInt8]?, [UInt8]?, Bool)])
    func nonce(asked: [UInt8]?, given: [UInt8]?, isAccepted: Bool) throws {
        let plan = DocumentPlan().with("nonce", given.map(CBOR.bytes) ?? CBOR.null)
        let document = try AttestationDocument(payload: plan.payload())
        let policy = AttestationPolicy(nonce: asked)
        if isAccepted {
            try policy.check(document, at: .documentTime)
        } else {
            #expect(throws: AttestationError.wrongNonce) { try policy.check(document, at: .documentTime) }
        }
    }

    // MARK: Age

    private static let made = Int64(DocumentPlan.timestamp)

    @Test(
        "a document grows old, and may be from a clock that is a minute ahead",
        arguments: [
            (made + 10_000, 10_000, nil), (made + 10_001, 10_000, .stale), (made, 0, nil), (made + 1, 0, .stale),
            (made - 60_000, 0, nil), (made - 60_001, 0, .future), (made - 60_001, nil, .future), (.max, nil, nil),
            (.max, .max, nil), (.max, UInt64(Int64.max) - DocumentPlan.timestamp, nil),
            (.max, UInt64(Int64.max) - DocumentPlan.timestamp - 1, .stale), (.min, .max, .future), (0, 0, .future),
            (-1, nil, .future),
        ] as [(Int64, UInt64?, AttestationError?)])
    func age(instant: Int64, maximumAge: UInt64?, error: AttestationError?) throws {
        let policy = AttestationPolicy(maximumAge: maximumAge)
        if let error {
            try expect(error, policy, at: .at(milliseconds: instant))
        } else {
            try policy.check(try document(), at: .at(milliseconds: instant))
        }
    }

    @Test("a time that no clock shows is in the future")
    func farFuture() throws {
        let plan = DocumentPlan().with("timestamp", CBOR.unsigned(.max))
        let document = try AttestationDocument(payload: plan.payload())
        #expect(throws: AttestationError.future) {
            try AttestationPolicy().check(document, at: .at(milliseconds: .max))
        }
    }

    // MARK: Order

    @Test("age comes before nonce, and nonce before measurements")
    func order() throws {
        var policy = AttestationPolicy(
            measurements: [Measurements(pcr0: [], pcr1: [], pcr2: [])], nonce: [1], maximumAge: 0)
        try expect(.stale, policy, at: .at(milliseconds: .max))
        try expect(.wrongNonce, policy)
        policy.nonce = nil
        try expect(.otherMeasurements(register: 0), policy)
    }

    @Test("the verifier asks for all of it, and the certificates' validity comes first")
    func verifier() async throws {
        let chain = try ChainPlan().issue()
        let bytes = try chain.document()
        var policy = AttestationPolicy(roots: [chain.root], measurements: [Self.usual], maximumAge: 1000)
        let instant = AttestationVerifier.Instant.at(milliseconds: Self.made + 1000)
        let verified = try await AttestationVerifier(policy: policy).verify(bytes, at: instant)
        #expect(verified.document.timestamp == DocumentPlan.timestamp)
        let errors: [(AttestationVerifier.Instant, AttestationError)] = [
            (.at(milliseconds: .max), .expired), (.at(milliseconds: .min), .notYetValid),
            (.at(milliseconds: Self.made + 1001), .stale), (.at(milliseconds: Self.made - 60_001), .future),
            (instant, .wrongNonce), (.documentTime, .wrongNonce),
        ]
        policy.nonce = [1]
        for (instant, error) in errors {
            let verifier = AttestationVerifier(policy: policy)
            await #expect(throws: error) { try await verifier.verify(bytes, at: instant) }
            #expect(throws: error) { try verifier.verifyHere(bytes, at: instant) }
        }
    }

    // MARK: Parts

    private func document() throws -> AttestationDocument {
        try AttestationDocument(payload: DocumentPlan().payload())
    }

    private func expect(
        _ error: AttestationError, _ policy: AttestationPolicy, at instant: AttestationVerifier.Instant = .documentTime
    ) throws {
        let document = try document()
        #expect(throws: error) { try policy.check(document, at: instant) }
    }
}
