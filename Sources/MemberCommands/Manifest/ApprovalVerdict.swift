// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// What one approval of a manifest is worth, on its own.
///
/// QuorumOS refuses all approvals for one that is bad; here each is judged, so that a person sees whose it is.
struct ApprovalVerdict: Sendable {
    /// Why an approval does not count; the raw values are for scripts.
    enum Flaw: String, Sendable {
        case badKey = "bad_key"
        case malformedSignature = "malformed_signature"
        case wrongSignature = "wrong_signature"
        case notAMember = "not_a_member"
        case duplicate = "duplicate"

        fileprivate var words: String {
            switch self {
            case .badKey: "its key is none"
            case .malformedSignature: "its signature is none"
            case .wrongSignature: "the signature is by another key or of another manifest"
            case .notAMember: "no member of the manifest set has this alias and key"
            case .duplicate: "this member has approved already"
            }
        }
    }

    let approval: Approval
    /// nil where it counts.
    let flaw: Flaw?

    /// Judges approvals in their order.
    static func judge(_ approvals: [Approval], of manifest: Manifest) -> [ApprovalVerdict] {
        let hash = manifest.hash()
        var seen: Set<QuorumMember> = []
        return approvals.map { approval in
            var flaw = flaw(of: approval, hash)
            if flaw == nil, !manifest.manifestSet.members.contains(approval.member) { flaw = .notAMember }
            if flaw == nil, !seen.insert(approval.member).inserted { flaw = .duplicate }
            return ApprovalVerdict(approval: approval, flaw: flaw)
        }
    }

    private static func flaw(of approval: Approval, _ hash: [UInt8]) -> Flaw? {
        guard let key = try? QuorumPublicKey(approval.member.publicKey) else { return .badKey }
        do {
            try key.verify(approval.signature, of: hash)
            return nil
        } catch .malformedSignature {
            return .malformedSignature
        } catch {
            return .wrongSignature
        }
    }

    /// For a person.
    var line: String {
        let fingerprint = ManifestPage.fingerprint(approval.member.publicKey)
        let verdict = flaw.map { "DOES NOT COUNT: \($0.words)" } ?? "valid"
        return "\(approval.member.alias.quoted) \(fingerprint)  \(verdict)"
    }

    /// For a script.
    var json: JSONValue {
        .fields([
            "alias": .string(approval.member.alias),
            "fingerprint": .string(Hex.encode(SHA256.digest(approval.member.publicKey))),
            "valid": .bool(flaw == nil),
            "reason": flaw.map { .string($0.rawValue) },
        ])
    }
}
