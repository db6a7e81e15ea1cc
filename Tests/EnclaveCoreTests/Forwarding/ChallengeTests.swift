// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("challenges")
struct ChallengeTests {
    private let clock = TestClock(1000)
    private let challenges: ExportChallenges

    init() {
        let clock = clock
        challenges = ExportChallenges { clock.milliseconds }
    }

    private func nonce(_ number: Int) -> [UInt8] { SHA256.digest(Array("\(number)".utf8)) }

    @Test("one that was opened is open until it is closed, and closes once")
    func once() {
        challenges.open(nonce(1))
        #expect(challenges.isOpen(nonce(1)))
        #expect(challenges.isOpen(nonce(1)))
        #expect(challenges.close(nonce(1)))
        #expect(!challenges.isOpen(nonce(1)))
        #expect(!challenges.close(nonce(1)))
    }

    @Test("one that was never opened is not open, nor is a part of one", arguments: [0, 16, 31])
    func foreign(count: Int) {
        challenges.open(nonce(1))
        for other in [nonce(2), Array(nonce(1).prefix(count)), nonce(1) + [0]] {
            #expect(!challenges.isOpen(other))
            #expect(!challenges.close(other))
        }
        #expect(challenges.close(nonce(1)))
    }

    @Test("each is good for a minute by the clock that nobody sets, from when it was opened")
    func expiry() {
        challenges.open(nonce(1))
        clock.advance(by: 30_000)
        challenges.open(nonce(2))
        clock.advance(by: 29_999)
        #expect(challenges.isOpen(nonce(1)))
        clock.advance(by: 1)
        #expect(!challenges.isOpen(nonce(1)))
        #expect(!challenges.close(nonce(1)))
        #expect(challenges.isOpen(nonce(2)))
        clock.advance(by: 29_999)
        #expect(challenges.close(nonce(2)))
    }

    @Test("64 are open at once, and each further one displaces the oldest")
    func displaced() {
        for number in 0..<64 { challenges.open(nonce(number)) }
        #expect((0..<64).allSatisfy { challenges.isOpen(nonce($0)) })
        for number in 64..<70 {
            challenges.open(nonce(number))
            #expect((0...number).filter { challenges.isOpen(nonce($0)) } == Array((number - 63)...number))
        }
    }

    @Test("one that was answered or is over makes room, so that none is displaced")
    func room() {
        challenges.open(nonce(0))
        clock.advance(by: 59_999)
        for number in 1..<64 { challenges.open(nonce(number)) }
        #expect(challenges.close(nonce(63)))
        challenges.open(nonce(64))
        #expect(challenges.isOpen(nonce(0)))
        clock.advance(by: 1)
        challenges.open(nonce(65))
        #expect((0...65).filter { challenges.isOpen(nonce($0)) } == Array(1...62) + [64, 65])
    }

    @Test("of many who close one at once, one is told that it was open")
    func concurrent() async {
        challenges.open(nonce(1))
        let closed = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<32 { group.addTask { challenges.close(nonce(1)) } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(closed == 1)
    }
}

@Suite("challenges of an enclave")
struct ExportChallengeTests {
    private static let badNonce = EnclaveError(.badNonce, field: "attestation_doc.nonce")

    @Test("each has another nonce of 32 bytes, and says when it ends by the clock of the wall")
    func opened() throws {
        let exporter = try Exporter()
        let before = exporter.enclave.appearance
        let opened = try (0..<3).map { _ in try exporter.enclave.enclave.exportChallenge() }
        #expect(opened.allSatisfy { $0.nonce.count == 32 && $0.expiresAt == 1234 + 60_000 })
        #expect(Set(opened.map(\.nonce)).count == 3)
        #expect(exporter.enclave.appearance == before)
    }

    @Test("a broken random source opens none")
    func entropyFailed() throws {
        let enclave = try TestEnclave(entropy: EntropySource { $0.update(repeating: 3) })
        enclave.expect(EnclaveError(.entropyFailed)) { try enclave.enclave.exportChallenge() }
        #expect(!enclave.enclave.challenges.isOpen([UInt8](repeating: 0, count: 32)))
    }

    @Test("it is good for one export")
    func once() throws {
        let exporter = try Exporter()
        let draft = try ExportDraft(exporter.quorum, nonce: try exporter.challenge())
        try exporter.expectExport(draft)
        try exporter.expect(Self.badNonce, draft)
        // Another challenge is another matter.
        try exporter.expectExport(try ExportDraft(exporter.quorum, nonce: try exporter.challenge()))
    }

    @Test("it is good for a minute, whatever the clock of the wall says", arguments: [59_999, 60_000] as [Int64])
    func expiry(age: Int64) throws {
        let exporter = try Exporter()
        let draft = try ExportDraft(exporter.quorum, nonce: try exporter.challenge())
        exporter.enclave.uptime.advance(by: age)
        if age < 60_000 { try exporter.expectExport(draft) } else { try exporter.expect(Self.badNonce, draft) }
    }

    @Test("one that ends while the export is made is no longer answered")
    func expiryMeanwhile() throws {
        let exporter = try Exporter()
        let draft = try ExportDraft(exporter.quorum, nonce: try exporter.challenge())
        exporter.module.once(before: .milliseconds) { exporter.enclave.uptime.advance(by: 60_000) }
        let request = try draft.request
        exporter.enclave.expect(Self.badNonce) { try exporter.enclave.enclave.exportKey(request) }
    }

    @Test("the 65th displaces the first")
    func displaced() throws {
        let exporter = try Exporter()
        let nonces = try (0..<65).map { _ in try exporter.challenge() }
        try exporter.expect(Self.badNonce, try ExportDraft(exporter.quorum, nonce: nonces[0]))
        try exporter.expectExport(try ExportDraft(exporter.quorum, nonce: nonces[1]))
        try exporter.expectExport(try ExportDraft(exporter.quorum, nonce: nonces[64]))
    }

    @Test("an export that is refused leaves it open, for the same document or another")
    func refusedExport() throws {
        let exporter = try Exporter()
        let nonce = try exporter.challenge()
        let good = try ExportDraft(exporter.quorum, nonce: nonce)
        var bad = good
        bad.envelope = try exporter.quorum.changed { $0.namespaceNonce = 8 }.envelope()
        try exporter.expect(EnclaveError(.manifestMismatch, field: "manifest_envelope"), bad)
        bad = good
        bad.document.userData = nil
        try exporter.expect(EnclaveError(.notASetupDocument, field: "attestation_doc"), bad)
        try exporter.expectExport(good)
    }

    @Test("of several exports with one challenge at once, one is answered")
    func concurrent() async throws {
        let exporter = try Exporter()
        let request = try ExportDraft(exporter.quorum, nonce: try exporter.challenge()).request
        let outcomes = await withTaskGroup(of: Result<ExportedKey, any Error>.self) { group in
            for _ in 0..<4 { group.addTask { Result { try exporter.enclave.enclave.exportKey(request) } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter { (try? $0.get()) != nil }.count == 1)
        for case .failure(let error) in outcomes { #expect(error as? EnclaveError == Self.badNonce) }
        #expect(exporter.enclave.arena.slotsLent == 0)
    }

    @Test("a challenge of another enclave, or of this one before it was started anew, is none")
    func otherEnclave() throws {
        let (exporter, other) = (try Exporter(), try Exporter())
        try exporter.expect(Self.badNonce, try ExportDraft(exporter.quorum, nonce: try other.challenge()))
    }
}
