// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// What all approvals of a manifest are worth together, by two rules: QuorumOS's own, in which one bad approval spoils
/// all and thresholds are not compared with sizes, and this project's.
struct ManifestVerdict: Sendable {
    let manifest: Manifest
    let approvals: [ApprovalVerdict]
    /// nil where QuorumOS would take the envelope.
    let quorumOSRefusal: QuorumError?
    /// What is wrong with the sets or the quorum key; nil where they are sound.
    let flaw: ManifestFlaw?

    init(_ envelope: ManifestEnvelope) {
        manifest = envelope.manifest
        approvals = ApprovalVerdict.judge(envelope.manifestSetApprovals, of: envelope.manifest)
        do {
            try envelope.checkApprovals()
            quorumOSRefusal = nil
        } catch {
            quorumOSRefusal = error
        }
        do {
            _ = try CheckedManifest(envelope.manifest)
            flaw = nil
        } catch {
            flaw = error
        }
    }

    /// Members whose approval is valid.
    var validCount: Int { approvals.count { $0.flaw == nil } }

    /// Whether the sets are sound and enough of their members approve.
    var isApproved: Bool { flaw == nil && validCount >= manifest.manifestSet.threshold }

    /// What QuorumOS says, in its words.
    var quorumOSOutcome: String { quorumOSRefusal?.quorumOSName ?? "ok" }

    /// For a person.
    var lines: [String] {
        var rows = LabelledLines()
        rows.add("Manifest", Hex.encode(manifest.hash()))
        rows.add("Namespace", "\(manifest.namespace.name.quoted), nonce \(manifest.namespace.nonce)")
        rows.add("Approvals", approvals.first?.line ?? "none")
        for verdict in approvals.dropFirst() { rows.addBelow(verdict.line) }
        rows.add("Valid", "\(validCount), needed \(manifest.manifestSet.threshold)")
        rows.add("Sets", flaw.map { "NOT SOUND: \($0.words(in: manifest))" } ?? "sound")
        rows.add("QuorumOS", quorumOSRefusal.map { "refuses it: \($0.quorumOSName) (\($0.words))" } ?? "takes it")
        rows.add("Approved", isApproved ? "yes" : "NO")
        return rows.lines
    }

    /// For a script.
    var json: JSONValue {
        .fields([
            "manifest_hash": ManifestSummary.hex(manifest.hash()),
            "approved": .bool(isApproved),
            "valid_approvals": .count(validCount),
            "threshold": .count(manifest.manifestSet.threshold),
            "approvals": .array(approvals.map(\.json)),
            "flaw": flaw.map { .string($0.name) } ?? .null,
            "quorum_os": .string(quorumOSOutcome),
        ])
    }
}

extension QuorumError {
    /// The same refusal in the words of QuorumOS, as far as approvals go.
    fileprivate var quorumOSName: String {
        switch self {
        case .duplicateMember: "DuplicateQuorumMember"
        case .badApproval: "InvalidManifestApproval"
        case .notAMember: "NotManifestSetMember"
        case .duplicateApproval: "DuplicateApproval"
        case .notEnoughApprovals: "NotEnoughApprovals"
        default: "P256Error"
        }
    }
}
