// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import EmulatedAttestation
import Primitives
import Quorum
import SecretMemory
import Synchronization

@testable import MemberCommands

/// An enclave behind a stub gateway, as far as forwarding a key needs one.
final class StubEnclave: Sendable {
    private struct State {
        var phase: String
        var envelope: ManifestEnvelope?
        var key: QuorumKeyPair?
        var ephemeral: QuorumKeyPair?
        /// What it attests when it has the key.
        var live: QuorumKeyPair?
        var challenges: Set<[UInt8]> = []
        /// What is answered instead, by path.
        var faults: [String: (answer: [UInt8], isAfterwards: Bool)] = [:]
    }

    private let quorum: TrialQuorum
    private let module: TrialModule
    private let state: Mutex<State>

    private init(_ quorum: TrialQuorum, _ state: State) throws {
        self.quorum = quorum
        module = try TrialModule()
        self.state = Mutex(state)
    }

    /// One that holds the key of a trial's quorum, which must have a recovery key.
    static func holding(_ quorum: TrialQuorum) throws -> StubEnclave {
        let wrapped = quorum.genesis.output.wrappedQuorumKey ?? []
        let seed = try quorum.open(wrapped, with: TrialQuorum.pair("recovery"))
        let key = try QuorumKeyPair(seed: seed.span)
        return try StubEnclave(quorum, State(phase: "ApplicationReady", envelope: quorum.envelope, key: key))
    }

    /// One that was just started, or is in another state without the key.
    static func fresh(_ quorum: TrialQuorum, in phase: String = "WaitingForBootInstruction") throws -> StubEnclave {
        try StubEnclave(quorum, State(phase: phase))
    }

    var phase: String { state.withLock { $0.phase } }

    /// Answers a path with something else from now on; nil heals it.
    ///
    /// - Parameter isAfterwards: whether it does what was asked for all the same.
    func fail(_ path: String, with answer: [UInt8]?, afterwards isAfterwards: Bool = false) {
        state.withLock { $0.faults[path] = answer.map { ($0, isAfterwards) } }
    }

    /// Answers a request.
    func answer(_ request: StubGateway.Request) -> [UInt8]? {
        state.withLock { state in
            let fault = state.faults[request.path]
            if let fault, !fault.isAfterwards { return fault.answer }
            do {
                let body = request.body.isEmpty ? JSONValue.null : try JSONValue(parsing: Array(request.body.utf8))
                let result = try answer(request.path, body, &state)
                return fault?.answer ?? StubGateway.json(200, result)
            } catch {
                return StubGateway.json(409, #"{"error":"Not so.","reason":"wrong_state"}"#)
            }
        }
    }

    private struct Refusal: Error {}

    private func answer(_ path: String, _ body: JSONValue, _ state: inout State) throws -> String {
        switch path {
        case "/enclave/info": try information(state).line
        case "/enclave/manifest": try manifest(state).line
        case "/enclave/share-manifest": try shareManifest(body, &state)
        case "/enclave/generate-attestation": try attest(body, state)
        case "/enclave/export-challenge": try challenge(&state)
        case "/enclave/export-key": try export(body, &state)
        case "/enclave/inject-key": try inject(body, &state)
        default: throw Refusal()
        }
    }
}

// MARK: - Gateways

extension StubEnclave {
    /// Lends the gateways of this enclave and of others that are to get its key.
    func with(
        _ targets: [StubEnclave],
        _ body: @escaping (_ from: String, _ to: [String], [StubGateway]) async throws -> Void
    ) async throws {
        try await Self.with([self] + targets, [], [], body)
    }

    private static func with(
        _ enclaves: [StubEnclave],
        _ stubs: [StubGateway],
        _ urls: [String],
        _ body: @escaping (_ from: String, _ to: [String], [StubGateway]) async throws -> Void
    ) async throws {
        guard let enclave = enclaves.first else { return try await body(urls[0], Array(urls.dropFirst()), stubs) }
        try await StubGateway.with(answering: { enclave.answer($0) }) { stub, url in
            try await with(Array(enclaves.dropFirst()), stubs + [stub], urls + [url], body)
        }
    }
}

// MARK: - Calls

extension StubEnclave {
    private func information(_ state: State) throws -> JSONValue {
        .fields([
            "state": .string(state.phase),
            "quorum_key_fingerprint": state.envelope.map { _ in .string(quorum.fingerprint) },
            "key_check": try state.key.map { .string(try Self.keyCheck(of: $0)) },
            "manifest_hash": state.envelope.map { .byteArray($0.manifest.hash()) },
        ])
    }

    static func keyCheck(of key: QuorumKeyPair) throws -> String {
        Hex.encode(Array(SHA256.digest(key.publicKey.bytes).prefix(8)))
    }

    private func manifest(_ state: State) throws -> JSONValue {
        guard let envelope = state.envelope else { throw Refusal() }
        return .fields([
            "manifest_envelope": envelope.json, "manifest_hash": .byteArray(envelope.manifest.hash()),
            "share_commitments": quorum.commitments,
        ])
    }

    private func shareManifest(_ body: JSONValue, _ state: inout State) throws -> String {
        guard ["WaitingForBootInstruction", "WaitingForForwardedKey"].contains(state.phase) else { throw Refusal() }
        let envelope = try ManifestEnvelope.decode(body.required("manifest_envelope").compact())
        let hash = envelope.manifest.hash()
        let isHeld = state.envelope?.manifest.hash() == hash
        let ephemeral = try state.ephemeral.flatMap { isHeld ? $0 : nil } ?? .generate(from: EntropySource())
        let live = try state.live.flatMap { isHeld ? $0 : nil } ?? .generate(from: EntropySource())
        try module.commit(to: hash, key: ephemeral.publicKey, live: live.publicKey)
        state.live = live
        state.envelope = envelope
        state.ephemeral = ephemeral
        state.phase = "WaitingForForwardedKey"
        return TrialModule.wrapped(
            "ShareManifestResponse",
            .fields([
                "success": .bool(true), "manifest_hash": .byteArray(hash),
                "ephemeral_key": .byteArray(ephemeral.publicKey.bytes),
            ]))
    }

    private func attest(_ body: JSONValue, _ state: State) throws -> String {
        let document = try module.module.attest(
            userData: state.envelope?.manifest.hash(), nonce: body.required("nonce").byteArray(),
            publicKey: (state.key == nil ? state.ephemeral : state.live)?.publicKey.bytes)
        return TrialModule.answer(document)
    }

    private func challenge(_ state: inout State) throws -> String {
        guard state.key != nil else { throw Refusal() }
        let nonce = try EntropySource().bytes(32)
        state.challenges.insert(nonce)
        return TrialModule.wrapped(
            "ExportChallengeResponse",
            .fields(["nonce": .byteArray(nonce), "expires_at": .string("2027-01-15T08:01:00Z")]))
    }

    private func export(_ body: JSONValue, _ state: inout State) throws -> String {
        let document = try AttestationDocument(parsing: body.required("attestation_doc").byteArray())
        guard let key = state.key, state.challenges.remove(document.nonce ?? []) != nil else { throw Refusal() }
        let target = try QuorumPublicKey(document.publicKey ?? [])
        let ciphertext = try key.withSeed { seed throws(QuorumError) in
            try Envelope.seal(seed, to: target, entropy: EntropySource(), memory: .guarded)
        }
        return TrialModule.wrapped(
            "ExportKeyResponse",
            .fields([
                "encrypted_quorum_key": .byteArray(ciphertext), "signature": .byteArray(try key.sign(ciphertext)),
            ]))
    }

    private func inject(_ body: JSONValue, _ state: inout State) throws -> String {
        guard let ephemeral = state.ephemeral, state.phase == "WaitingForForwardedKey" else { throw Refusal() }
        let seed = try quorum.open(body.required("encrypted_quorum_key").byteArray(), with: ephemeral)
        let key = try QuorumKeyPair(seed: seed.span)
        guard key.publicKey.bytes == state.envelope?.manifest.namespace.quorumKey else { throw Refusal() }
        state.key = key
        state.phase = "ApplicationReady"
        return TrialModule.wrapped(
            "InjectKeyResponse", .fields(["success": .bool(true), "state": .string("ApplicationReady")]))
    }
}
