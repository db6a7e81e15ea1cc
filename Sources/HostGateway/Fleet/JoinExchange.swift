// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

/// The messages by which one peer makes the own enclave ready. The two enclaves decide everything; what is carried
/// between them is of no use to whoever carries it.
struct JoinExchange: Sendable {
    let peer: PeerClient
    let enclave: any JoiningEnclave
    /// `EXPECTED_QUORUM_KEY`: the SHA-256 of the quorum public key.
    let expectedKey: [UInt8]?

    // MARK: Before

    /// Whether the peer can be joined.
    ///
    /// - Parameter own: the own enclave's identifier, by which a peer is recognised as this very instance.
    /// - Throws: ``JoinFailure`` where it cannot.
    func check(own: [UInt8]) async throws(JoinFailure) {
        let information: PeerInformation
        do throws(JoinFailure.Cause) {
            information = try await peer.information()
        } catch {
            throw JoinFailure(step: .information, cause: error)
        }
        let cause: JoinFailure.Cause?
        if information.enclaveIdentifier == own {
            cause = .ownInstance
        } else if information.phase != .applicationReady {
            cause = .notReady
        } else if let expectedKey, information.fingerprint != expectedKey {
            cause = .otherKey
        } else {
            cause = nil
        }
        if let cause { throw JoinFailure(step: .information, cause: cause) }
    }

    // MARK: The exchange

    /// Carries the messages until the own enclave is ready.
    ///
    /// - Throws: ``JoinFailure`` at the first step that fails.
    func run() async throws(JoinFailure) {
        let manifest = try await of(.manifest) { () throws(JoinFailure.Cause) in try await peer.manifest() }
        let hash = try await share(manifest)
        try await checkKey(hash)
        let nonce = try await of(.challenge) { () throws(JoinFailure.Cause) in try await peer.exportChallenge() }
        let document = try await attest(hash, nonce)
        let export = ExportKeyRequest(manifestEnvelope: manifest.manifestEnvelope, document: document)
        let key = try await of(.export) { () throws(JoinFailure.Cause) in try await peer.exportKey(export) }
        try await inject(key)
    }

    /// - Returns: the manifest's hash, as the own enclave has it.
    private func share(_ manifest: ShareManifestRequest) async throws(JoinFailure) -> [UInt8] {
        guard case .manifestShared(let result) = try await ask(.shareManifest(manifest), .sharing) else {
            throw JoinFailure(step: .sharing, cause: .interrupted)
        }
        return result.manifestHash
    }

    /// The key that the own enclave will take, from what it says itself: a peer could say anything.
    private func checkKey(_ manifestHash: [UInt8]) async throws(JoinFailure) {
        guard let expectedKey else { return }
        guard case .info(let info) = try await ask(.info, .sharing), let quorum = info.quorum,
            quorum.manifestHash == manifestHash
        else { throw JoinFailure(step: .sharing, cause: .interrupted) }
        guard quorum.fingerprint == expectedKey else { throw JoinFailure(step: .sharing, cause: .otherKey) }
    }

    /// - Returns: a document about the own enclave and that manifest.
    private func attest(_ manifestHash: [UInt8], _ nonce: [UInt8]) async throws(JoinFailure) -> [UInt8] {
        let request = AttestationRequest(manifestHash: manifestHash, registers: [], nonce: nonce)
        guard case .attestation(let result) = try await ask(.generateAttestation(request), .attestation) else {
            throw JoinFailure(step: .attestation, cause: .interrupted)
        }
        return result.document
    }

    private func inject(_ key: InjectKeyRequest) async throws(JoinFailure) {
        guard case .keyInjected = try await ask(.injectKey(key), .injection) else {
            throw JoinFailure(step: .injection, cause: .interrupted)
        }
    }

    // MARK: Steps

    private func of<Value>(
        _ step: JoinFailure.Step,
        _ call: () async throws(JoinFailure.Cause) -> Value
    ) async throws(JoinFailure) -> Value {
        do throws(JoinFailure.Cause) {
            return try await call()
        } catch {
            throw JoinFailure(step: step, cause: error)
        }
    }

    private func ask(_ operation: Operation, _ step: JoinFailure.Step) async throws(JoinFailure) -> Reply {
        do {
            return try await enclave.reply(to: operation, requestIdentifier: peer.requestIdentifier)
        } catch {
            throw JoinFailure(step: step, cause: .init(ofOwnEnclave: error))
        }
    }
}
