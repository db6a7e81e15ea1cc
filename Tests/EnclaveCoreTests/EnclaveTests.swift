// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory
import Synchronization
import Testing

@testable import EnclaveCore

@Suite("enclave")
struct EnclaveTests {
    private let arena: SecretArena
    private let enclave: Enclave

    init() throws {
        arena = try SecretArena()
        enclave = Self.enclave(arena, EntropySource())
    }

    private static func enclave(_ arena: SecretArena, _ entropy: EntropySource) -> Enclave {
        Enclave(
            identity: Samples.identity(), module: RecordingModule(), arena: arena, entropy: entropy,
            library: Samples.library, now: { 1234 })
    }

    @Test("it says of itself what it was made with")
    func info() {
        #expect(
            enclave.info()
                == EnclaveInfo(
                    version: Version.product,
                    enclaveIdentifier: Array(0..<16),
                    capabilities: [
                        "seed_generation", "seed_validation", "genesis_boot", "share_injection", "attestation",
                        "manifest_sharing", "key_export", "key_injection",
                    ],
                    phase: .waitingForBootInstruction,
                    history: [.init(phase: .waitingForBootInstruction, enteredAt: 1234)],
                    mode: .development,
                    attestation: .emulated,
                    attestationRoot: SHA256.digest(Samples.measurements.rootCertificate),
                    applicationHash: [UInt8](repeating: 9, count: 32),
                    quorum: nil,
                    sandbox: .init(seccomp: false, landlockABI: nil)
                )
        )
    }

    @Test("a derived seed needs a key, and is refused with the state that permits it")
    func admission() throws {
        try enclave.admit(.generateSeed)
        #expect(throws: EnclaveError(wrongState: .waitingForBootInstruction, allowed: [.applicationReady])) {
            try enclave.admit(.deriveSeed)
        }
    }

    @Test(
        "a generated phrase is valid, of its strength and language, and announced by its lengths",
        arguments: SeedStrength.allCases, SeedLanguage.allCases)
    func generate(strength: SeedStrength, language: SeedLanguage) throws {
        let made = try enclave.seed(Samples.order(strength, language))
        let phrase = made.phrase.copied()
        #expect(
            try Samples.verdict(on: phrase, language)
                == SeedVerdict(wordCount: UInt32(strength.wordCount), language: language, flaw: nil))
        #expect(
            made.result
                == SeedResult(
                    strength: strength,
                    language: language,
                    phrase: SecretField(count: phrase.count),
                    entropy: SecretField(count: strength.entropyBytes),
                    seed: nil
                )
        )
        let entropy = made.mnemonic.withEntropy { bytes in bytes.indices.map { bytes[$0] } }
        #expect(try Samples.phrase(entropy, language) == String(decoding: phrase, as: UTF8.self))
    }

    @Test("no two phrases are the same")
    func different() throws {
        let phrases = try (0..<100).map { _ in
            try enclave.seed(Samples.order(.bits128, .english)).phrase.copied()
        }
        #expect(Set(phrases).count == 100)
        #expect(arena.slotsLent == 0)
    }

    @Test("a passphrase adds the seed and changes no word", arguments: SeedLanguage.allCases)
    func withPassphrase(language: SeedLanguage) throws {
        let entropy = Samples.entropy(.bits256, 5)
        let fixed = Self.enclave(arena, EntropySource { $0.copy(entropy.span, at: 0) })
        var scratch = try SecretBuffer(count: SeedStretching.scratchBytes)
        let made = try fixed.seed(
            Samples.order(.bits256, language),
            passphrase: try arena.secret(Array("TREZOR".utf8)),
            scratch: &scratch
        )
        #expect(String(decoding: made.phrase.copied(), as: UTF8.self) == (try Samples.phrase(entropy, language)))
        var seed: [UInt8] = []
        made.withSeed { bytes in seed = bytes.indices.map { bytes[$0] } }
        #expect(made.result.seed == SecretField(count: 64))
        #expect(seed == (try stretched(entropy, language)))
    }

    private func stretched(_ entropy: [UInt8], _ language: SeedLanguage) throws -> [UInt8] {
        var scratch = try SecretBuffer(count: SeedStretching.scratchBytes)
        let words = Samples.library[language]
        return try SeedStretching.seed(
            phrase: try Samples.mnemonic(entropy, arena).phrase(in: words, separator: [0x20], arena: arena),
            passphrase: try arena.secret(Array("TREZOR".utf8)),
            scratch: &scratch,
            arena: arena
        ).copied()
    }

    @Test("a stuck random source makes nothing and leaves nothing lent")
    func stuck() throws {
        let stuck = Self.enclave(arena, EntropySource { $0.update(repeating: 1) })
        #expect(throws: EnclaveError(.entropyFailed)) {
            _ = try stuck.seed(Samples.order(.bits256, .english))
        }
        #expect(arena.slotsLent == 0)
    }
}

@Suite("costly seeds")
struct StretchedSeedJobTests {
    private let arena: SecretArena
    private let enclave: Enclave
    private let pending = PendingRequests()

    init() throws {
        arena = try SecretArena()
        enclave = Enclave(
            identity: Samples.identity(), module: RecordingModule(), arena: arena, entropy: EntropySource(),
            library: Samples.library)
    }

    /// What became of a job.
    private final class Ending: Sendable {
        let refusals = Mutex<[EnclaveError]>([])
        let seeds = Mutex<[SeedResult]>([])
    }

    /// Runs one job, twice, as no pool would.
    private func run(_ passphrase: String, _ ticket: PendingRequests.Ticket) throws -> Ending {
        let ending = Ending()
        let job = StretchedSeedJob(
            order: Samples.order(.bits128, .english),
            passphrase: try arena.secret(Array(passphrase.utf8)),
            enclave: enclave,
            ticket: ticket
        ) { outcome in
            switch consume outcome {
            case .made(let seed): ending.seeds.withLock { $0.append(seed.result) }
            case .refused(let error): ending.refusals.withLock { $0.append(error) }
            }
        }
        var scratch = try SecretBuffer(count: SeedStretching.scratchBytes)
        job.run(scratch: &scratch)
        job.run(scratch: &scratch)
        return ending
    }

    private func ticket(deadline: UInt32 = .max) -> PendingRequests.Ticket {
        pending.enter(RequestHead(identifier: 1, deadlineMilliseconds: deadline, requestIdentifier: "r"))
    }

    @Test("a job that is awaited answers once with a seed")
    func awaited() throws {
        let ending = try run("secret", ticket())
        #expect(ending.seeds.withLock { $0.map { $0.seed?.count } } == [64])
        #expect(ending.refusals.withLock { $0 } == [])
        #expect(arena.slotsLent == 0)
    }

    @Test("a job that was cancelled, or is too late, answers that, and no work is done")
    func notAwaited() throws {
        let cancelled = ticket()
        pending.cancel(1)
        for ticket in [cancelled, ticket(deadline: 0)] {
            let ending = try run("secret", ticket)
            #expect(ending.refusals.withLock { $0 } == [EnclaveError(.deadlineExceeded)])
            #expect(ending.seeds.withLock { $0.isEmpty })
        }
        #expect(arena.slotsLent == 0)
    }
}
