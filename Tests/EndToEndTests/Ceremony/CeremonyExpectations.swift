// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import ProcessKit
import Quorum
import Testing

/// The states of an enclave up to one, by the contract's names.
enum Course {
    static let empty = ["WaitingForBootInstruction"]
    static let born = empty + ["GenesisBooted", "WaitingForQuorumShards"]
    static let booted = empty + ["WaitingForQuorumShards"]

    /// The same, and then ready.
    static func ready(after course: [String]) -> [String] {
        course + ["QuorumKeyProvisioned", "ApplicationReady"]
    }
}

extension Ceremony {
    /// What `/enclave/info` always has.
    private static let infoNames: Set = [
        "healthy", "version", "enclave_id", "capabilities", "state", "state_history", "mode", "attestation",
        "attestation_root", "application_hash", "sandbox",
    ]

    /// What it has besides once a manifest is held, but for `key_check`.
    private static let quorumNames: Set = [
        "namespace", "manifest_hash", "quorum_public_key", "quorum_key_fingerprint", "threshold", "shares_received",
    ]

    /// Expects everything that `/enclave/info` says of this ceremony, and nothing else.
    func expectInfo(_ course: [String], received: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let info = try expectSuccess(gateway.get("/enclave/info"), sourceLocation: sourceLocation)
        let isReady = course.last == "ApplicationReady"
        let names = Self.infoNames.union(Self.quorumNames).union(isReady ? ["key_check"] : [])
        #expect(info.names == names, sourceLocation: sourceLocation)
        try expectCourse(course, of: info, sourceLocation: sourceLocation)
        let namespace: JSON = [
            "name": .string(order.namespaceName), "nonce": .number(Double(order.namespaceNonce)),
        ]
        #expect(info["namespace"] == namespace, sourceLocation: sourceLocation)
        #expect(info["manifest_hash"]?.bytes == manifestHash, sourceLocation: sourceLocation)
        #expect(info["quorum_public_key"]?.bytes == quorumKey.bytes, sourceLocation: sourceLocation)
        let fingerprint = Hex.encode(SHA256.digest(quorumKey.bytes))
        #expect(info["quorum_key_fingerprint"]?.string == fingerprint, sourceLocation: sourceLocation)
        let keyCheck = isReady ? Hex.encode(try key().keyCheck(namespaceName: order.namespaceName)) : nil
        #expect(info["key_check"]?.string == keyCheck, sourceLocation: sourceLocation)
        #expect(info["threshold"]?.int == threshold, sourceLocation: sourceLocation)
        #expect(info["shares_received"]?.int == received, sourceLocation: sourceLocation)
        for name in ["genesis_boot", "share_injection"] {
            #expect(info["capabilities"]?.array?.contains(.string(name)) == true, sourceLocation: sourceLocation)
        }
    }

    private func expectCourse(_ course: [String], of info: JSON, sourceLocation: SourceLocation) throws {
        #expect(info["state"]?.string == course.last, sourceLocation: sourceLocation)
        let history = try #require(info["state_history"]?.array, sourceLocation: sourceLocation)
        #expect(history.map { $0["state"]?.string } == course, sourceLocation: sourceLocation)
        let times = history.compactMap { $0["entered_at"]?.string }
        #expect(times.count == course.count && times == times.sorted(), sourceLocation: sourceLocation)
        for time in times {
            let isTime = time.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil
            #expect(isTime, "\(time)", sourceLocation: sourceLocation)
        }
    }
}

/// Expects that an answer refuses as the contract's closed list allows, and gives the reason.
@discardableResult
func expectListedRefusal(_ answer: HTTPAnswer, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let reason = try #require(try answer.json()["reason"]?.string, sourceLocation: sourceLocation)
    try expectRefusal(answer, answer.status, .string(reason), sourceLocation: sourceLocation)
    #expect(
        listedReasons[answer.status]?.contains(reason) == true, "\(answer.status) \(reason)",
        sourceLocation: sourceLocation)
    return reason
}

/// The reasons that requests to the ceremony can meet, by status.
private let listedReasons: [Int: Set<String>] = [
    400: [
        "invalid_json", "duplicate_key", "missing_field", "unknown_field", "wrong_type", "out_of_range", "bad_encoding",
        "bad_public_key", "duplicate_member", "bad_request",
    ],
    404: ["not_found", "no_manifest", "no_genesis"],
    409: ["wrong_state", "manifest_not_approved"],
    413: ["body_too_large"],
    415: ["unsupported_media_type"],
    422: [
        "namespace_mismatch", "unknown_member", "bad_share", "share_still_encrypted", "key_mismatch",
        "sealed_share_required", "approval_required", "bad_approval", "bad_commitments", "bad_manifest",
        "pivot_mismatch", "measurement_mismatch", "not_enough_approvals", "manifest_mismatch", "lower_nonce",
        "other_quorum_key", "other_namespace", "other_manifest_set", "share_set_changed", "bad_attestation",
        "untrusted_attestation", "expired_attestation", "stale_attestation", "bad_nonce", "not_a_setup_document",
        "bad_signature", "bad_ciphertext",
    ],
]
