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
    /// The peer is asked for all that it can give without the own enclave first, so that one which is lost by then has
    /// changed nothing. A manifest that the own enclave waits under already is tried before the peer's: an operator, or
    /// a peer that is gone, may have brought it.
    ///
    /// - Throws: ``JoinFailure`` at the first step that fails.
    func run() async throws(JoinFailure) {
        let nonce = try await of(.challenge) { () throws(JoinFailure.Cause) in try await peer.exportChallenge() }
        if let held = try await heldManifest(), try await isTaken(held, nonce) { return }
        let manifest = try await of(.manifest) { () throws(JoinFailure.Cause) in try await peer.manifest() }
        let hash = try await share(manifest)
        try await obtain(manifest.manifestEnvelope, hash, nonce)
    }

    /// What the own enclave waits under, where that is for the key that is expected.
    private func heldManifest() async throws(JoinFailure) -> HeldManifest? {
        guard case .info(let info) = try await ask(.info, .sharing) else {
            throw JoinFailure(step: .sharing, cause: .interrupted)
        }
        guard info.phase == .waitingForForwardedKey, let quorum = info.quorum,
            expectedKey.map({ $0 == quorum.fingerprint }) ?? true
        else { return nil }
        guard case .manifest(let held) = try await ask(.manifest, .sharing) else {
            throw JoinFailure(step: .sharing, cause: .interrupted)
        }
        return held
    }

    /// Whether the peer gave its key for the manifest that is held. That it does not is no failure: its own is left.
    private func isTaken(_ held: HeldManifest, _ nonce: [UInt8]) async throws(JoinFailure) -> Bool {
        do throws(JoinFailure) {
            try await obtain(held.manifestEnvelope, held.manifestHash, nonce)
            return true
        } catch {
            switch error.cause {
            case .refused, .enclaveRefused: return false
            default: throw error
            }
        }
    }

    /// Lets the own enclave attest itself, and brings it what the peer gives for that.
    private func obtain(
        _ manifestEnvelope: [UInt8], _ manifestHash: [UInt8], _ nonce: [UInt8]
    ) async throws(JoinFailure) {
        let document = try await attest(manifestHash, nonce)
        let export = ExportKeyRequest(manifestEnvelope: manifestEnvelope, document: document)
        let key = try await of(.export) { () throws(JoinFailure.Cause) in try await peer.exportKey(export) }
        try await inject(key)
    }

    /// Gives the own enclave the peer's manifest. The enclave itself sees to it that the key is the one expected,
    /// before it takes anything on: a peer could say anything.
    ///
    /// - Returns: the manifest's hash, as the own enclave has it.
    private func share(_ manifest: ShareManifestRequest) async throws(JoinFailure) -> [UInt8] {
        let request = ShareManifestRequest(
            manifestEnvelope: manifest.manifestEnvelope, commitments: manifest.commitments, expectedKey: expectedKey)
        guard case .manifestShared(let result) = try await ask(.shareManifest(request), .sharing) else {
            throw JoinFailure(step: .sharing, cause: .interrupted)
        }
        return result.manifestHash
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
