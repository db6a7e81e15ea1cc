// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

/// An enclave of a test, with the memory that it takes for the secrets of requests.
struct TestEnclave: Sendable {
    /// All that can be seen of an enclave from outside, but for what it derives.
    struct Appearance: Equatable {
        let info: EnclaveInfo
        let manifest: HeldManifest?
        let genesis: GenesisAnswer?
    }

    let arena: SecretArena
    let enclave: Enclave

    /// A fresh one, whose clock stands still.
    init(_ policy: EnclavePolicy = .development, entropy: EntropySource = EntropySource()) throws {
        arena = try SecretArena([
            .init(bytes: 64, slots: 600), .init(bytes: 1024, slots: 32), .init(bytes: 4096, slots: 8),
        ])
        enclave = Enclave(
            identity: Samples.identity(policy), arena: arena, entropy: entropy, library: Samples.library
        ) { 1234 }
    }

    var appearance: Appearance {
        Appearance(
            info: enclave.info(), manifest: try? enclave.heldManifest(), genesis: try? enclave.genesisAnswer())
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
