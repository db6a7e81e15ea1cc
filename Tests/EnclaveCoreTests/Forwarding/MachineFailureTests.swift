// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import SecretMemory
import Synchronization
import Testing

@testable import EnclaveCore

@Suite("a machine that fails while a key is forwarded")
struct MachineFailureTests {
    /// A random source that a test breaks and mends.
    private final class Source: Sendable {
        private let broken = Mutex(false)

        var entropy: EntropySource {
            EntropySource { [self] span in
                if broken.withLock({ $0 }) { span.update(repeating: 0) } else { EntropySource.kernel(&span) }
            }
        }

        func set(broken isBroken: Bool) {
            broken.withLock { $0 = isBroken }
        }
    }

    private let source = Source()

    /// All slots of an enclave's arena, held until they are let go of.
    private func exhaust(_ arena: SecretArena) -> [LentSecret] {
        var held: [LentSecret] = []
        while let secret = try? LentSecret(arena.secret([0])) { held.append(secret) }
        return held
    }

    /// Expects that something is refused for want of memory, that nothing has then changed, and that it works again.
    private func expectMemoryNeeded<Value>(
        _ enclave: TestEnclave, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Value
    ) throws {
        let before = enclave.appearance
        withExtendedLifetime(exhaust(enclave.arena)) { held in
            #expect(held.count > 600, sourceLocation: sourceLocation)
            #expect(throws: EnclaveError(.outOfSecureMemory), sourceLocation: sourceLocation) { _ = try body() }
            #expect(enclave.arena.slotsLent == held.count, sourceLocation: sourceLocation)
        }
        #expect(enclave.appearance == before, sourceLocation: sourceLocation)
        #expect(enclave.arena.slotsLent == 0, sourceLocation: sourceLocation)
        _ = try body()
    }

    @Test("without secure memory no manifest is taken on")
    func shareManifestMemory() throws {
        let module = RecordingModule()
        let enclave = try TestEnclave(module: module)
        let request = try KnownQuorum().shareRequest()
        try expectMemoryNeeded(enclave) { try enclave.enclave.shareManifest(request) }
        #expect(module.commits.count == 1)
    }

    @Test("without secure memory no key leaves, and the challenge stays open")
    func exportMemory() throws {
        let exporter = try Exporter()
        let request = try ExportDraft(exporter.quorum, nonce: try exporter.challenge()).request
        try expectMemoryNeeded(exporter.enclave) { try exporter.enclave.enclave.exportKey(request) }
    }

    @Test("without secure memory no key is taken in")
    func injectMemory() throws {
        let waiting = try WaitingEnclave()
        let request = try waiting.forwarded()
        try expectMemoryNeeded(waiting.enclave) { try waiting.enclave.enclave.injectKey(request) }
        #expect(waiting.enclave.phase == .applicationReady)
    }

    @Test("without a random source no manifest is taken on, and none is displaced")
    func shareManifestEntropy() throws {
        let module = RecordingModule()
        let enclave = try TestEnclave(module: module, entropy: source.entropy)
        source.set(broken: true)
        let request = try KnownQuorum().shareRequest()
        enclave.expect(EnclaveError(.entropyFailed)) { try enclave.enclave.shareManifest(request) }
        source.set(broken: false)
        _ = try enclave.enclave.shareManifest(request)
        source.set(broken: true)
        let other = try KnownQuorum().changed { $0.namespaceNonce = 8 }.shareRequest()
        enclave.expect(EnclaveError(.entropyFailed)) { try enclave.enclave.shareManifest(other) }
        #expect(module.commits.count == 1)
    }

    @Test("without a random source no key leaves, and the challenge stays open")
    func exportEntropy() throws {
        let exporter = try Exporter(entropy: source.entropy)
        let draft = try ExportDraft(exporter.quorum, nonce: try exporter.challenge())
        source.set(broken: true)
        try exporter.expect(EnclaveError(.entropyFailed), draft)
        source.set(broken: false)
        try exporter.expectExport(draft)
    }
}
