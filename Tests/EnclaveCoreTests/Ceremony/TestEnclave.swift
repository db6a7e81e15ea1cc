// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Protocol
import Quorum
import SecretMemory
import Synchronization
import Testing

@testable import EnclaveCore

/// A clock that a test sets.
final class TestClock: Sendable {
    private let value: Mutex<Int64>

    init(_ milliseconds: Int64) {
        value = Mutex(milliseconds)
    }

    var milliseconds: Int64 { value.withLock { $0 } }

    func advance(by milliseconds: Int64) {
        value.withLock { $0 += milliseconds }
    }

    func set(_ milliseconds: Int64) {
        value.withLock { $0 = milliseconds }
    }
}

/// An enclave of a test, with the memory that it takes for the secrets of requests.
struct TestEnclave: Sendable {
    /// All that can be seen of an enclave from outside, but for what it derives.
    struct Appearance: Equatable {
        let info: EnclaveInfo
        let manifest: HeldManifest?
        let genesis: GenesisAnswer?
        /// What documents name: the setup key and the live key.
        let keys: [[UInt8]?]
        /// PCR16 and PCR17.
        let registers: [[UInt8]?]
    }

    let arena: SecretArena
    let enclave: Enclave
    /// Milliseconds since the machine started; stands still unless a test sets it.
    let uptime: TestClock

    /// A fresh one, whose clocks stand still.
    ///
    /// - Parameters:
    ///   - module: vouches for it, and measured it.
    ///   - applicationHash: of its executable, 32 bytes.
    init(
        _ policy: EnclavePolicy = .development,
        module: any SecurityModule = RecordingModule(),
        applicationHash: [UInt8] = Samples.applicationHash,
        entropy: EntropySource = EntropySource()
    ) throws {
        arena = try SecretArena([
            .init(bytes: 64, slots: 600), .init(bytes: 1024, slots: 32), .init(bytes: 4096, slots: 8),
        ])
        let uptime = TestClock(5_000_000)
        self.uptime = uptime
        enclave = Enclave(
            identity: Samples.identity(
                policy, measurements: try Measurements(of: module), applicationHash: applicationHash),
            module: module,
            arena: arena,
            entropy: entropy,
            library: Samples.library,
            now: { 1234 },
            uptime: { uptime.milliseconds }
        )
    }

    var appearance: Appearance {
        let bootKeys = try? enclave.read { $0.holdings.bootKeys }
        return Appearance(
            info: enclave.info(),
            manifest: try? enclave.heldManifest(),
            genesis: try? enclave.genesisAnswer(),
            keys: [bootKeys?.setup?.publicKey.bytes, bootKeys?.live.publicKey.bytes],
            registers: [try? enclave.module.register(16), try? enclave.module.register(17)]
        )
    }

    var phase: Phase { enclave.info().phase }

    /// Expects that something is refused, and that nothing has then changed.
    func expect<Value>(
        _ error: EnclaveError, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws -> Value
    ) {
        let before = appearance
        #expect(throws: error, comment, sourceLocation: sourceLocation) { _ = try body() }
        #expect(appearance == before, comment, sourceLocation: sourceLocation)
        #expect(arena.slotsLent == 0, comment, sourceLocation: sourceLocation)
    }

    /// The entropy of a derived seed.
    func derived(
        _ type: String = "wallet", _ data: String = "account 0", _ strength: SeedStrength = .bits256
    ) throws -> [UInt8] {
        let request = DeriveSeedRequest(
            seedType: type, seedData: data, strength: strength, language: .english, passphrase: nil)
        let seed = try enclave.seed(try enclave.order(request))
        return seed.mnemonic.withEntropy { bytes in bytes.indices.map { bytes[$0] } }
    }
}
