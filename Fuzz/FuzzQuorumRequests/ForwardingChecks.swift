// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

@testable import HostGateway

// MARK: Requests

/// A manifest is shared as it is booted.
func checkShareManifest(_ request: ShareManifestRequest, _ body: ByteBuffer) {
    precondition(checkFrame(.shareManifest(request)) == .shareManifest(request), "the enclave reads another request")
    checkEnvelope(request.manifestEnvelope)
    let boot = try? BootStandardRequest(body)
    precondition(boot?.manifestEnvelope == request.manifestEnvelope, "another manifest than at boot")
    precondition(boot?.commitments == request.commitments, "other commitments than at boot")
    let answered = try? PeerAnswer.manifest(body)
    precondition(answered == request, "a peer that answers this is understood otherwise")
}

/// What is expected has one of the lengths that mean something.
func checkAttestation(_ request: AttestationRequest, _ body: ByteBuffer) {
    let operation = Operation.generateAttestation(request)
    precondition(checkFrame(operation) == operation, "the enclave reads another request")
    precondition(request.manifestHash.map { $0.count == 32 } ?? true, "a hash of no length that there is")
    precondition(request.manifestHash?.contains { $0 != 0 } ?? true, "zeros are expected")
    precondition(request.registers.isEmpty || request.registers.count == 4, "registers that cannot be told apart")
    precondition(request.registers.allSatisfy { $0.isEmpty || $0.count == Limits.registerBytes }, "half a register")
    precondition(Limits.attestationNonceBytes.contains(request.nonce?.count ?? 0), "a long nonce")
    let plain = request.manifestHash == nil && request.registers.isEmpty && request.nonce == nil
    precondition(plain || body.readableBytes > 2, "something is expected that nobody said")
}

func checkExport(_ request: ExportKeyRequest) {
    precondition(checkFrame(.exportKey(request)) == .exportKey(request), "the enclave reads another request")
    checkEnvelope(request.manifestEnvelope)
    precondition(Limits.attestationDocumentBytes.contains(request.document.count), "a document of a wrong length")
}

func checkInjection(_ request: InjectKeyRequest) {
    precondition(checkFrame(.injectKey(request)) == .injectKey(request), "the enclave reads another request")
    precondition(Limits.forwardedKeyBytes.contains(request.ciphertext.count), "a key of a wrong length")
    precondition(Limits.forwardedKeyBytes.contains(request.signature.count), "a signature of a wrong length")
}

// MARK: Answers of peers

/// Whatever a peer answers, it is read to the end, and what comes out of it is within the limits of a request.
func checkPeerAnswers(_ body: ByteBuffer) {
    if let manifest = try? PeerAnswer.manifest(body) {
        precondition(checkFrame(.shareManifest(manifest)) == .shareManifest(manifest), "another manifest is read")
        checkEnvelope(manifest.manifestEnvelope)
    }
    if let key = try? PeerAnswer.exportedKey(body) { checkInjection(key) }
    if let nonce = try? PeerAnswer.challenge(body) { precondition(nonce.count == 32, "a nonce of a wrong length") }
    if let information = try? PeerInformation(body) {
        precondition(information.enclaveIdentifier.count == 16, "an identifier of a wrong length")
        precondition(information.fingerprint.map { $0.count == 32 } ?? true, "a fingerprint of a wrong length")
    }
    if let reason = PeerAnswer.reason(body) {
        precondition((1...64).contains(reason.utf8.count), "a reason that is no word")
        precondition(reason.utf8.allSatisfy { (0x5F...0x7A).contains($0) && $0 != 0x60 }, "a reason that is no word")
    }
}
