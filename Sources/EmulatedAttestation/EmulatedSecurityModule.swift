// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Attestation
import Crypto
import Synchronization

/// What stands in for a Nitro Security Module in development: it makes documents of the same form, but it is part of
/// the enclave that it vouches for, and so vouches for nothing.
///
/// Its clock is the host's, and it has no source of random numbers.
package final class EmulatedSecurityModule: SecurityModule {
    /// What a document can carry, in bytes (AWS Nitro Enclaves, attestation document specification).
    private static let dataLimit = 512
    private static let publicKeyLimit = 1024

    private let root: AttestationRoot
    private let name = ModuleName()
    private let now: @Sendable () -> Int64
    private let state: Mutex<State>

    private struct State {
        var registers: RegisterBank
        var signer: DocumentSigner
        /// Milliseconds since 1970: the latest that was given.
        var instant: Int64
    }

    /// Starts a module, with a signing key and certificates of its own.
    ///
    /// - Parameters:
    ///   - root: what the certificates lead to.
    ///   - registers: PCR0 to PCR3; 4 to 15 are zero.
    ///   - now: the host's clock, milliseconds since 1970, UTC.
    /// - Throws: `failed` where the root cannot sign.
    package init(
        root: AttestationRoot,
        registers: EmulatedRegisters,
        now: @escaping @Sendable () -> Int64
    ) throws(SecurityModuleError) {
        self.root = root
        self.now = now
        // No document is older than its form allows.
        let instant = max(1, now())
        state = Mutex(
            State(
                registers: RegisterBank(measured: registers.values),
                signer: try Self.signer(under: root, of: name, at: instant),
                instant: instant
            )
        )
    }

    package var rootCertificate: [UInt8] { root.certificate }

    /// One of 32; its value is told whether it is locked or not.
    ///
    /// - Throws: ``SecurityModuleError/refused(_:)`` for another index.
    package func register(_ index: Int) throws(SecurityModuleError) -> [UInt8] {
        let registers = state.withLock { $0.registers }
        return try registers.value(of: index)
    }

    /// Starts all registers above 15 anew, and extends those named.
    ///
    /// - Throws: as ``SecurityModule`` says; the registers are then as they were.
    package func commit(_ extensions: [(register: Int, data: [UInt8])]) throws(SecurityModuleError) {
        try state.withLock { (state) throws(SecurityModuleError) in
            try state.registers.commit(extensions)
        }
    }

    /// Signs with the key of certificates that are good for a while yet.
    ///
    /// - Throws: ``SecurityModuleError/refused(_:)`` for what is too long; ``SecurityModuleError/failed``.
    package func attest(
        userData: [UInt8]?, nonce: [UInt8]?, publicKey: [UInt8]?
    ) throws(SecurityModuleError) -> [UInt8] {
        guard [userData, nonce].allSatisfy({ ($0?.count ?? 0) <= Self.dataLimit }),
            (publicKey?.count ?? 1) <= Self.publicKeyLimit
        else { throw .refused(.inputTooLarge) }
        guard publicKey != [] else { throw .refused(.invalidArgument) }
        let state = try current()
        let document = EmulatedDocument(
            moduleID: name.text,
            timestamp: state.instant,
            registers: state.registers.locked,
            signer: state.signer,
            publicKey: publicKey,
            userData: userData,
            nonce: nonce
        )
        return try document.signed()
    }

    /// The host's clock, but that it never goes back.
    package func milliseconds() throws(SecurityModuleError) -> Int64 {
        state.withLock { state in
            state.instant = max(state.instant, now())
            return state.instant
        }
    }

    /// `nil`: there is no hardware to have any.
    package func randomBytes() throws(SecurityModuleError) -> [UInt8]? {
        nil
    }

    /// The state now, with certificates that are still good for a while.
    private func current() throws(SecurityModuleError) -> State {
        try state.withLock { (state) throws(SecurityModuleError) in
            state.instant = max(state.instant, now())
            if !state.signer.isFresh(at: state.instant) {
                state.signer = try Self.signer(under: root, of: name, at: state.instant)
            }
            return state
        }
    }

    private static func signer(
        under root: AttestationRoot, of name: ModuleName, at instant: Int64
    ) throws(SecurityModuleError) -> DocumentSigner {
        do {
            return try DocumentSigner(under: root, of: name, at: instant)
        } catch {
            throw .failed
        }
    }
}
