// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Synchronization

@testable import HostGateway

private typealias Samples = QuorumSamples

/// An own enclave as far as the joining sees it: it takes a manifest and then a key, or refuses as a test says.
final class ModelEnclave: JoiningEnclave {
    struct State: Sendable {
        var identifier: UInt8 = 1
        var phase = Phase.waitingForBootInstruction
        var mode = EnclaveInfo.Mode.development
        var isConnected = true
        /// The fingerprint of the key that its manifest names.
        var fingerprint: UInt8 = 0xEF
        /// The hash of the manifest that it says it holds.
        var heldManifest: UInt8 = 4
        var refusals: [OperationKind: any Error] = [:]
        var operations: [Protocol.Operation] = []
        var requestIdentifiers: [String] = []
    }

    let state: Mutex<State>

    init(_ change: (inout State) -> Void = { _ in }) {
        var initial = State()
        change(&initial)
        state = Mutex(initial)
    }

    var isConnected: Bool { state.withLock { $0.isConnected } }
    var phase: Phase { state.withLock { $0.phase } }

    /// What changed it or was meant to, in the order of the calls; it is asked what it is again and again.
    var operations: [Protocol.Operation] { state.withLock { $0.operations.filter { $0 != .info } } }

    func reply(to operation: Protocol.Operation, requestIdentifier: String) async throws -> Reply {
        try state.withLock { state in
            state.operations.append(operation)
            state.requestIdentifiers.append(requestIdentifier)
            guard state.isConnected else { throw EnclaveCallError.unavailable }
            if let refusal = state.refusals[operation.kind] { throw refusal }
            return try Self.answer(operation, &state)
        }
    }

    private static let empty = [Phase.waitingForBootInstruction, .waitingForForwardedKey]

    private static func answer(_ operation: Protocol.Operation, _ state: inout State) throws -> Reply {
        switch operation {
        case .info:
            let hasManifest = state.phase != .waitingForBootInstruction
            return .info(
                FleetSamples.info(
                    state.phase, identifier: state.identifier, mode: state.mode,
                    quorum: hasManifest ? quorum(state) : nil))
        case .manifest:
            guard state.phase == .waitingForForwardedKey else { throw EnclaveError(.noManifest) }
            return .manifest(FleetSamples.manifest)
        case .shareManifest(let request):
            guard empty.contains(state.phase) else { throw EnclaveError(wrongState: state.phase, allowed: empty) }
            guard request.expectedKey.map({ $0 == Samples.bytes(state.fingerprint, 32) }) ?? true else {
                throw EnclaveError(.otherQuorumKey)
            }
            state.phase = .waitingForForwardedKey
            return .manifestShared(
                ShareManifestResult(manifestHash: Samples.bytes(4, 32), ephemeralKey: Samples.bytes(9, 130)))
        case .generateAttestation(let request):
            guard request.manifestHash == Samples.bytes(state.heldManifest, 32) else {
                throw EnclaveError(.manifestMismatch)
            }
            return .attestation(AttestationResult(document: [0xD2] + (request.nonce ?? [])))
        case .injectKey:
            state.phase = .applicationReady
            return .keyInjected(InjectKeyResult(phase: .applicationReady))
        default:
            throw EnclaveError(.unknownOperation)
        }
    }

    private static func quorum(_ state: State) -> EnclaveInfo.QuorumStatus {
        .init(
            namespace: .init(name: "ns", nonce: 7), manifestHash: Samples.bytes(state.heldManifest, 32),
            publicKey: Samples.bytes(5, 130), fingerprint: Samples.bytes(state.fingerprint, 32), keyCheck: nil,
            threshold: 2, sharesReceived: 0)
    }
}
