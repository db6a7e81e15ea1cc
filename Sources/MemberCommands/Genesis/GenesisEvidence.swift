// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Quorum

/// What vouches that an enclave made a genesis. No comparison of its parts can: no signature in it covers which
/// recovery key was used, and whoever makes the quorum key can sign all the rest.
enum GenesisEvidence: Sendable {
    case nothing
    /// A verified document, and which measurements of its enclave were held against those that somebody chose.
    case document(VerifiedAttestation, comparing: Set<Register>)

    /// What measures the program, and the role of the machine that runs it.
    enum Register: Sendable {
        /// PCR0, PCR1 and PCR2.
        case build
        /// PCR3.
        case role
    }

    /// Verifies the document of a genesis.
    ///
    /// - Parameters:
    ///   - vouching: nil where nobody asked for it.
    ///   - request: the member's own copy, where there is one.
    ///   - isKept: whether the genesis was held some time ago.
    static func of(
        _ genesis: GenesisRecord,
        by vouching: EnclaveVouching?,
        asked request: GenesisRequest?,
        isKept: Bool = true
    ) async throws(CommandFailure) -> GenesisEvidence {
        guard let vouching else { return .nothing }
        let attestation = try await vouching.verify(genesis, nonce: request?.nonce, isKept: isKept)
        let accepted = vouching.policy.measurements
        var compared: Set<Register> = []
        if !accepted.isEmpty { compared.insert(.build) }
        if !accepted.isEmpty, accepted.allSatisfy({ $0.pcr3 != nil }) { compared.insert(.role) }
        return .document(attestation, comparing: compared)
    }

    /// Whether these were compared with more than the genesis itself.
    func compares(_ register: Register) -> Bool {
        guard case .document(_, let compared) = self else { return false }
        return compared.contains(register)
    }

    /// Whether the root was.
    var comparesRoot: Bool {
        guard case .document = self else { return false }
        return true
    }

    /// What to show where the genesis names no recovery key.
    var noRecoveryKey: String {
        switch self {
        case .nothing: "none named (not attested)"
        case .document: compares(.build) ? "none" : "none named (attested by a program that nobody compared)"
        }
    }
}

extension CommandOutput {
    /// Says what vouches for a genesis, and what does not.
    ///
    /// - Parameter comparingPCRs: whether PCR0 to PCR2 were compared in another way.
    func remark(_ evidence: GenesisEvidence, comparingPCRs: Bool = false) {
        guard case .document(let attestation, _) = evidence else {
            return remark(
                "Warning: No verified attestation document vouches that an enclave made this genesis: its gateway "
                    + "could hide a recovery key, or have made the key itself. --root or --policy verifies it.")
        }
        remark(
            "Attested: an enclave made exactly this genesis, on \(attestation.moment.text), by the word of "
                + "\(attestation.authority).")
        if !evidence.compares(.build), !comparingPCRs {
            remark(
                "Warning: which program that enclave ran was compared with nothing but the genesis itself, and any "
                    + "program can attest any genesis: --policy names the measurements of the agreed build.")
        }
    }

    /// Says what a comparison with a request leaves out, since no request says it.
    ///
    /// - Parameters:
    ///   - comparingPivot: whether the pivot's hash was compared in another way.
    ///   - comparingPCRs: the same of PCR0 to PCR2.
    func remarkGaps(
        after request: GenesisRequest,
        _ evidence: GenesisEvidence,
        comparingPivot: Bool = false,
        comparingPCRs: Bool = false
    ) {
        let isPivotOpen = !request.namesPivot && !comparingPivot
        let pivot = isPivotOpen ? "the pivot's hash, which the request does not name" : nil
        let measured = Self.measuredGaps(evidence, comparingPCRs: comparingPCRs).joined(separator: " and ")
        let gaps = [pivot, measured.isEmpty ? nil : measured].compactMap { $0 }
        if !gaps.isEmpty { remark("Not compared: \(gaps.joined(separator: "; ")).") }
    }

    /// Which measurements were not compared with anything that a member chose, in words.
    static func measuredGaps(_ evidence: GenesisEvidence, comparingPCRs: Bool) -> [String] {
        var gaps: [String] = []
        if !evidence.compares(.build), !comparingPCRs {
            gaps.append("PCR0 to PCR3")
        } else if !evidence.compares(.role) {
            gaps.append("PCR3")
        }
        if !evidence.comparesRoot { gaps.append("the root") }
        return gaps
    }
}
