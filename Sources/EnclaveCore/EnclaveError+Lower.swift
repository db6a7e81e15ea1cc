// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Protocol
import Quorum
import SecretMemory

extension EnclaveError {
    /// What could not be computed, whatever it was for.
    init(lower error: PrimitiveError) {
        switch error {
        case .memory(let error): self.init(lower: error)
        case .entropyFailed: self.init(.entropyFailed)
        case .failed, .scalarOutOfRange, .badPoint: self.init(.internalFailure)
        }
    }

    /// Memory for a secret that could not be had.
    init(lower error: SecretMemoryError) {
        switch error {
        case .tooLarge: self.init(.tooLarge)
        case .exhausted, .notLocked: self.init(.outOfSecureMemory)
        }
    }

    /// A security module that did not do what was asked of it, where nothing that a caller sent is at fault.
    init(module error: SecurityModuleError) {
        self.init(.internalFailure)
    }

    /// Why a document is not believed, in the protocol's terms.
    init(attestation error: AttestationError) {
        switch error {
        case .untrusted: self.init(.untrustedAttestation, field: "attestation_doc")
        case .expired, .notYetValid: self.init(.expiredAttestation, field: "attestation_doc.certificate")
        case .stale, .future: self.init(.staleAttestation, field: "attestation_doc.timestamp")
        case .wrongNonce: self.init(.badNonce, field: "attestation_doc.nonce")
        case .otherMeasurements: self.init(.measurementMismatch, field: "attestation_doc.pcrs")
        case .malformed, .badSignature, .badPolicy, .badRootFile:
            self.init(.badAttestation, field: "attestation_doc")
        }
    }

    /// A failure of the quorum's own work, where nothing that a caller sent is at fault.
    init(lower error: QuorumError) {
        switch error {
        case .memory(let error): self.init(lower: error)
        case .primitive(let error): self.init(lower: error)
        default: self.init(.internalFailure)
        }
    }
}

extension SecretSupply {
    /// A copy of a secret, or in the protocol's terms why there is none.
    func copy(_ secret: borrowing Span<UInt8>) throws(EnclaveError) -> SecretBytes {
        do throws(SecretMemoryError) {
            var copy = try take(secret.count)
            copy.withMutableBytes { $0.copy(secret, at: 0) }
            return copy
        } catch {
            throw EnclaveError(lower: error)
        }
    }
}

extension QuorumError {
    /// Whether the machine failed rather than what was judged.
    var isOfTheMachine: Bool {
        switch self {
        case .memory: true
        case .primitive(let error): error != .badPoint && error != .scalarOutOfRange
        default: false
        }
    }
}
