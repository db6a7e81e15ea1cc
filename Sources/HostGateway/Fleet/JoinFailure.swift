// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

/// Why an instance was not joined through a peer: where the exchange ended, and what ended it.
struct JoinFailure: Error, Equatable, Sendable {
    /// A step of the exchange, by its name in the log.
    enum Step: String, Sendable {
        case information
        case manifest
        case sharing = "share-manifest"
        case challenge = "export-challenge"
        case attestation = "generate-attestation"
        case export = "export-key"
        case injection = "inject-key"
    }

    /// What ended it.
    enum Cause: Error, Equatable, Sendable {
        /// There is no connection to the peer, or it broke.
        case unreachable
        /// The peer did not answer in time.
        case timedOut
        /// The peer answered with what is no answer of this call, or too much.
        case badAnswer
        /// The peer answered with an error; its reason, where it is a word.
        case refused(status: Int, reason: String?)
        /// The peer is this very instance.
        case ownInstance
        /// The peer holds no key.
        case notReady
        /// The key is not the one that `EXPECTED_QUORUM_KEY` names.
        case otherKey
        /// The own enclave does not take what the peer gave.
        case enclaveRefused(EnclaveError.Reason)
        /// The own enclave holds another manifest, and takes no second one before it is started anew.
        case manifestFixed
        /// The own enclave cannot go on now, whatever a peer gives.
        case interrupted
    }

    let step: Step
    let cause: Cause

    /// Whether another peer may do better.
    var isOfThePeer: Bool { cause != .interrupted }
}

extension JoinFailure.Cause: CustomStringConvertible {
    /// Words for the log and for `/readyz`: nothing of a body is in them.
    var description: String {
        switch self {
        case .unreachable: "it cannot be reached"
        case .timedOut: "it did not answer in time"
        case .badAnswer: "its answer cannot be read"
        case .refused(let status, let reason): "it refused with \(status)\(reason.map { " \($0)" } ?? "")"
        case .ownInstance: "it is this instance"
        case .notReady: "it holds no quorum key"
        case .otherKey: "its quorum key is not the one that EXPECTED_QUORUM_KEY names"
        case .enclaveRefused(let reason): "the own enclave refused with \(reason.word)"
        case .manifestFixed: "the own enclave holds another manifest for good: restart the enclave"
        case .interrupted: "the own enclave does not take a key now"
        }
    }
}

extension JoinFailure.Cause {
    /// What an error of the own enclave means for the exchange.
    init(ofOwnEnclave error: any Error) {
        switch error {
        case let error as EnclaveError: self.init(error.reason)
        case EnclaveCallError.tooLarge: self = .enclaveRefused(.tooLarge)
        default: self = .interrupted
        }
    }

    private init(_ reason: EnclaveError.Reason) {
        switch reason {
        case .wrongState, .busy, .deadlineExceeded, .entropyFailed, .outOfSecureMemory, .internalFailure,
            .unknownOperation, .malformedMessage:
            self = .interrupted
        case .manifestFixed:
            self = .manifestFixed
        case .otherQuorumKey:
            self = .otherKey
        default:
            self = .enclaveRefused(reason)
        }
    }
}
