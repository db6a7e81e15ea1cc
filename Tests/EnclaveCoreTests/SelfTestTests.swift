// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import EmulatedAttestation
import Primitives
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("self-test")
struct SelfTestTests {
    @Test("it passes, and leaves nothing lent")
    func passes() throws {
        let arena = try SecretArena()
        try SelfTest.run(arena: arena, entropy: EntropySource())
        #expect(arena.slotsLent == 0)
    }

    @Test("it fails where the random source is stuck")
    func stuck() throws {
        let arena = try SecretArena()
        let stuck = EntropySource { $0.update(repeating: 0) }
        #expect(throws: SelfTest.Failure(primitive: "random source")) {
            try SelfTest.run(arena: arena, entropy: stuck)
        }
        #expect(arena.slotsLent == 0)
    }

    /// Every primitive that the enclave stands on, in the order in which they are tested.
    private static let primitives = [
        "SHA-256", "SHA-384", "SHA-512", "HMAC-SHA512", "HKDF-SHA512", "PBKDF2-HMAC-SHA512", "NFKD", "word lists",
        "BIP39", "random source", "constant-time comparison", "AES-256-GCM", "P-256 points", "P-256 agreement",
        "envelope", "ECDSA signature", "ECDSA verification", "key check", "derived seed", "GF(256)",
        "share splitting", "share combining", "ceremony",
    ]

    @Test("each primitive is tested, once")
    func complete() {
        #expect(SelfTest.knownAnswers.map(\.primitive) == Self.primitives)
        #expect(Set(Self.primitives).count == Self.primitives.count)
    }

    @Test("it fails, and names the primitive, where one answer is another", arguments: primitives.indices)
    func otherAnswer(index: Int) throws {
        let arena = try SecretArena()
        let means = SelfTest.Means(arena: arena, entropy: EntropySource(), library: Samples.library)
        var answers = SelfTest.knownAnswers
        // The last digit alone: a comparison of a part would not see it.
        let last = answers[index].answer.removeLast()
        answers[index].answer.append(last == "0" ? "1" : "0")
        #expect(throws: SelfTest.Failure(primitive: Self.primitives[index])) {
            try SelfTest.run(answers, with: means)
        }
        answers[index].answer = ""
        #expect(throws: SelfTest.Failure(primitive: Self.primitives[index])) {
            try SelfTest.run(answers, with: means)
        }
        #expect(arena.slotsLent == 0)
    }

    @Test("it fails where there is no memory for it")
    func memory() throws {
        let arena = try SecretArena([.init(bytes: 64, slots: 1)])
        #expect(throws: SelfTest.Failure(primitive: "PBKDF2-HMAC-SHA512")) {
            try SelfTest.run(arena: arena, entropy: EntropySource())
        }
    }
}

@Suite("self-test of the security module")
struct ModuleSelfTestTests {
    private static let failed = SelfTest.Failure(primitive: "attestation")

    private func module(_ registers: [[UInt8]] = Samples.measurements.registers) throws -> EmulatedSecurityModule {
        try EmulatedSecurityModule(
            root: .development, registers: EmulatedRegisters(values: registers), now: { DocumentDraft.moment })
    }

    @Test("it passes with a module whose documents can be verified")
    func passes() throws {
        try SelfTest.run(try module(), measured: Samples.measurements, entropy: EntropySource())
        try SelfTest.run(
            RecordingModule(signing: true), measured: Samples.measurements, entropy: EntropySource())
    }

    @Test("it fails where the module measured something else", arguments: 0..<4)
    func otherMeasurements(index: Int) throws {
        var registers = Samples.measurements.registers
        registers[index][0] ^= 1
        let module = RecordingModule(registers, signing: true)
        #expect(throws: Self.failed) {
            try SelfTest.run(module, measured: Samples.measurements, entropy: EntropySource())
        }
    }

    @Test("it fails where the documents are of another root")
    func otherRoot() throws {
        var measured = Samples.measurements
        measured.rootCertificate[0] ^= 1
        #expect(throws: Self.failed) {
            try SelfTest.run(RecordingModule(signing: true), measured: measured, entropy: EntropySource())
        }
    }

    @Test("it fails where the module makes no documents, or has no clock")
    func failing() throws {
        for call in [RecordingModule.Call.attest, .milliseconds] {
            let module = RecordingModule(signing: true)
            module.fail(call, with: .failed)
            #expect(throws: Self.failed) {
                try SelfTest.run(module, measured: Samples.measurements, entropy: EntropySource())
            }
        }
        #expect(throws: Self.failed) {
            try SelfTest.run(RecordingModule(), measured: Samples.measurements, entropy: EntropySource())
        }
    }

    @Test("it fails where its clock is far from that of its documents")
    func otherTime() throws {
        let module = RecordingModule(signing: true)
        module.once(before: .milliseconds) { module.clock.advance(by: DocumentDraft.lifetime + 1000) }
        #expect(throws: Self.failed) {
            try SelfTest.run(module, measured: Samples.measurements, entropy: EntropySource())
        }
    }

    @Test("it fails where the random source is stuck")
    func stuck() throws {
        #expect(throws: Self.failed) {
            try SelfTest.run(
                RecordingModule(signing: true), measured: Samples.measurements,
                entropy: EntropySource { $0.update(repeating: 1) })
        }
    }
}
