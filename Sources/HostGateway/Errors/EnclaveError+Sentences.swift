// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

extension EnclaveError {
    /// One sentence for a person.
    func sentence(aboutField field: String?) -> String {
        let subject = field.map { "The field \"\($0)\"" } ?? "A field"
        switch reason {
        case .wrongState:
            return "The enclave is in the state \((state ?? .unrecoverableError).rawValue), which does not permit this."
        case .outOfRange:
            return "\(subject) has a value that is not allowed."
        case .badPublicKey:
            return "\(subject) is not two different points on the curve P-256."
        case .duplicateMember:
            return "\(subject) occurs twice in its set of members."
        case .badManifest:
            return field == nil
                ? "The manifest cannot be read, or contradicts itself."
                : "\(subject) makes the manifest one that cannot be read, or contradicts itself."
        default:
            return reason.sentence
        }
    }
}

extension EnclaveError.Reason {
    /// One sentence for a person, for reasons that need no facts.
    fileprivate var sentence: String {
        switch self {
        case .tooLarge: "The request is larger than the enclave takes."
        case .busy: "The enclave has as much to do as it takes on; try again soon."
        case .entropyFailed:
            "The random source failed its test, so nothing was made; the next request tests it anew."
        case .outOfSecureMemory: "The enclave has no locked memory free; try again soon."
        case .deadlineExceeded: "The enclave did not come to this request in time."
        case .namespaceMismatch: "The shares are for another namespace, or another nonce of it, than the manifest."
        case .pivotMismatch: "The manifest is for another executable than the one that runs here."
        case .measurementMismatch: "The measurements that are named, or the root, are other than the enclave's."
        case .notEnoughApprovals: "Too few members of the manifest set have approved the manifest."
        case .badCommitments: "The share commitments are absent, or do not hold for this manifest."
        case .manifestNotApproved: "Shares are not taken before the manifest set has approved the manifest."
        case .sharesHeld: "Shares are held under the manifest; it is neither replaced nor booted again."
        case .manifestFixed: "Another manifest is held, and this enclave takes no second one."
        case .noManifest: "The enclave holds no manifest."
        case .noGenesis: "The enclave has no answer of a genesis to repeat."
        case .sealedSeedRequired: "This enclave answers derived seeds only sealed."
        case .manifestMismatch: "The manifest is not the one that the enclave holds, or that its document names."
        case .lowerNonce: "The manifest's nonce is not above that of the manifest which the enclave holds."
        case .otherQuorumKey: "The manifest is of another quorum key than the one that the enclave holds."
        case .otherNamespace: "The manifest is of a namespace of another name."
        case .otherManifestSet: "The manifest names another manifest set than the one that the enclave holds."
        case .shareSetChanged: "The manifest names another share set than the one that the enclave holds."
        case .badAttestation: "The attestation document is malformed, or its signature does not hold."
        case .untrustedAttestation: "The certificates of the attestation document lead to no trusted root."
        case .expiredAttestation: "The certificates of the attestation document are not valid at its time."
        case .staleAttestation: "The attestation document is too old, or not of this time."
        case .badNonce: "The nonce of the attestation document is no challenge of this enclave that is still open."
        case .notASetupDocument: "The attestation document is not of an enclave that waits for a key."
        case .debugEnclave: "The attestation document is of an enclave in debug mode, whose memory can be read."
        case .badSignature: "The signature over the forwarded key is not by the manifest's quorum key."
        case .badCiphertext: "The forwarded key cannot be opened with this enclave's setup key, or is no key."
        case .keyMismatch: "The forwarded key is another than the manifest's."
        case .unknownOperation, .malformedMessage, .internalFailure: "The enclave could not serve this request."
        case .wrongState, .outOfRange, .badPublicKey, .duplicateMember, .badManifest:
            "The enclave refused this request."
        }
    }

    /// What may help that person.
    var hint: String? {
        switch self {
        case .sharesHeld: "bring the shares that are missing, or restart the enclave to boot another manifest"
        case .manifestFixed: "restart the enclave to boot another manifest"
        case .manifestNotApproved: "POST /enclave/boot-standard with the same manifest adds approvals"
        case .pivotMismatch: "GET /enclave/info shows this enclave's application_hash"
        case .measurementMismatch: "GET /enclave/info shows this enclave's application_hash and attestation_root"
        case .noManifest: "POST /enclave/genesis-boot makes one, POST /enclave/boot-standard brings one"
        case .manifestMismatch: "GET /enclave/manifest shows the manifest that an enclave holds, and its hash"
        case .lowerNonce: "a later manifest of a namespace has a higher nonce, and its manifest set's approvals"
        case .untrustedAttestation: "GET /enclave/info shows an enclave's attestation_root"
        case .expiredAttestation, .staleAttestation: "ask the waiting enclave for a new one"
        case .badNonce: "POST /enclave/export-challenge gives one, for a single document and for 60 seconds"
        case .notASetupDocument:
            "ask the waiting enclave with POST /enclave/generate-attestation, after POST /enclave/share-manifest"
        case .badCiphertext: "a key is exported for one document: after another share-manifest, export it anew"
        case .noGenesis: "an answer of a genesis is kept until the key is provisioned"
        default: nil
        }
    }
}
