// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Quorum
import Synchronization

@testable import EmulatedAttestation

/// A security module of a test: it keeps what it was asked, and fails where it is told to.
///
/// Its documents are no documents unless it is one that signs, which takes longer than a ceremony of three.
final class RecordingModule: SecurityModule {
    enum Call: CaseIterable, Sendable {
        case register
        case commit
        case attest
        case milliseconds
        case randomBytes
    }

    /// What a register was extended by.
    struct Extension: Equatable, Sendable {
        let register: Int
        let data: [UInt8]
    }

    /// What a document was asked to say.
    struct Asked: Equatable, Sendable {
        let userData: [UInt8]?
        let nonce: [UInt8]?
        let publicKey: [UInt8]?
    }

    private struct State {
        var registers: RegisterBank
        var commits: [[Extension]] = []
        var documents: [Asked] = []
        var failures: [Call: SecurityModuleError] = [:]
        var hooks: [Call: @Sendable () -> Void] = [:]
    }

    let rootCertificate: [UInt8]
    /// Gives the time of the module, and of its documents.
    let clock = TestClock(DocumentDraft.moment)
    private let signs: Bool
    private let state: Mutex<State>

    /// - Parameters:
    ///   - measured: PCR0 to PCR3.
    ///   - root: what it calls its root; its documents are signed under that of development whatever this is.
    init(
        _ measured: [[UInt8]] = Samples.measurements.registers,
        root: [UInt8] = AttestationRoot.development.certificate,
        signing signs: Bool = false
    ) {
        rootCertificate = root
        self.signs = signs
        state = Mutex(State(registers: RegisterBank(measured: measured)))
    }

    /// What was committed to, each time; what failed is not among it.
    var commits: [[Extension]] { state.withLock { $0.commits } }

    /// What documents were asked to say; what failed is not among it.
    var documents: [Asked] { state.withLock { $0.documents } }

    /// Lets every call of a kind fail from now on, or none any more.
    func fail(_ call: Call, with error: SecurityModuleError?) {
        state.withLock { $0.failures[call] = error }
    }

    /// Does something before the next call of a kind, and only then.
    func once(before call: Call, _ hook: @escaping @Sendable () -> Void) {
        state.withLock { $0.hooks[call] = hook }
    }

    /// Does something before every call of a kind.
    func always(before call: Call, _ hook: @escaping @Sendable () -> Void) {
        once(before: call) { [weak self] in
            hook()
            self?.always(before: call, hook)
        }
    }

    /// What was ordered for the call happens, and its failure.
    private func begin(_ call: Call) throws(SecurityModuleError) {
        let (hook, failure) = state.withLock { state in
            (state.hooks.removeValue(forKey: call), state.failures[call])
        }
        hook?()
        if let failure { throw failure }
    }

    func register(_ index: Int) throws(SecurityModuleError) -> [UInt8] {
        try begin(.register)
        let registers = state.withLock { $0.registers }
        return try registers.value(of: index)
    }

    func commit(_ extensions: [(register: Int, data: [UInt8])]) throws(SecurityModuleError) {
        try begin(.commit)
        try state.withLock { state throws(SecurityModuleError) in
            try state.registers.commit(extensions)
            state.commits.append(extensions.map { Extension(register: $0.register, data: $0.data) })
        }
    }

    func attest(
        userData: [UInt8]?, nonce: [UInt8]?, publicKey: [UInt8]?
    ) throws(SecurityModuleError) -> [UInt8] {
        try begin(.attest)
        let (registers, number) = state.withLock { state in
            state.documents.append(Asked(userData: userData, nonce: nonce, publicKey: publicKey))
            return (state.registers.locked, state.documents.count)
        }
        guard signs else { return Array("no document, number \(number)".utf8) }
        let draft = DocumentDraft(
            timestamp: clock.milliseconds, registers: Array(registers), publicKey: publicKey, userData: userData,
            nonce: nonce)
        do {
            return try draft.signed()
        } catch {
            throw .failed
        }
    }

    func milliseconds() throws(SecurityModuleError) -> Int64 {
        try begin(.milliseconds)
        return clock.milliseconds
    }

    func randomBytes() throws(SecurityModuleError) -> [UInt8]? {
        try begin(.randomBytes)
        return nil
    }
}
