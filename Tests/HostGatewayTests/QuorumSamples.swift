// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol
import Testing

@testable import HostGateway

/// Request bodies of the quorum's calls, field by field, and the values that they stand for.
enum QuorumSamples {
    /// Bytes as a list of integers.
    static func list(_ byte: UInt8, _ count: Int) -> String {
        "[" + [String](repeating: "\(byte)", count: count).joined(separator: ",") + "]"
    }

    static func bytes(_ byte: UInt8, _ count: Int) -> [UInt8] {
        [UInt8](repeating: byte, count: count)
    }

    /// An object of these fields, some of them replaced, added, or with nil left out.
    static func object(_ fields: [(String, String)], changing changes: [String: String?] = [:]) -> String {
        var members = fields.compactMap { name, value -> String? in
            guard let change = changes[name] else { return "\"\(name)\":\(value)" }
            return change.map { "\"\(name)\":\($0)" }
        }
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) where !fields.contains(where: { $0.0 == name }) {
            if let value { members.append("\"\(name)\":\(value)") }
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    static func member(_ alias: String, _ byte: UInt8, name: String = "alias") -> String {
        object([(name, "\"\(alias)\""), ("pub_key", list(byte, 130))])
    }

    static func members(_ count: Int) -> String {
        "[" + (0..<count).map { member("m\($0)", 1) }.joined(separator: ",") + "]"
    }

    /// Arguments of a pivot.
    static func arguments(_ count: Int) -> String {
        "[" + [String](repeating: "\"\"", count: count).joined(separator: ",") + "]"
    }

    // MARK: Genesis

    static let common = [
        ("namespace_name", "\"ns\""), ("namespace_nonce", "7"),
        ("manifest_members", "[\(member("a", 1)),\(member("b", 2))]"),
        ("share_members", "[\(member("a", 1)),\(member("b", 2)),\(member("c", 3, name: "member_alias"))]"),
    ]
    static let thresholds = [("manifest_threshold", "1"), ("share_threshold", "3")]

    static func flat(_ changes: [String: String?] = [:]) -> String {
        object(common + thresholds, changing: changes)
    }

    static func envelope(parameters: [String: String?] = [:], _ changes: [String: String?] = [:]) -> String {
        let fields = [
            ("type", "\"ACTIVITY_TYPE_GENESIS_BOOT\""), ("timestampMs", "\"1\""), ("organizationId", "\"o\""),
            ("parameters", object(common + thresholds, changing: parameters)),
        ]
        return object(fields, changing: changes)
    }

    static func genesis(
        manifestThreshold: UInt32 = 1,
        shareThreshold: UInt32 = 3,
        pivotHash: [UInt8]? = nil,
        pivotArguments: [String] = [],
        recoveryKey: [UInt8]? = nil,
        nonce: [UInt8]? = nil
    ) -> Protocol.Operation {
        let members = [("a", 1), ("b", 2), ("c", 3)].map { MemberRecord(alias: $0, publicKey: bytes($1, 130)) }
        return .genesisBoot(
            GenesisBootRequest(
                namespaceName: "ns", namespaceNonce: 7, manifestMembers: Array(members[..<2]),
                manifestThreshold: manifestThreshold, shareMembers: members, shareThreshold: shareThreshold,
                pivotHash: pivotHash, pivotArguments: pivotArguments, recoveryKey: recoveryKey, nonce: nonce))
    }

    // MARK: Shares

    static func shares(_ shares: [String], _ changes: [String: String?] = [:]) -> String {
        object(
            [
                ("namespace_name", "\"ns\""), ("namespace_nonce", "7"),
                ("shares", "[\(shares.joined(separator: ","))]"),
            ], changing: changes)
    }

    static func plainShare(_ changes: [String: String?] = [:]) -> String {
        object([("member_alias", "\"a\""), ("decrypted_share", list(9, 33))], changing: changes)
    }

    static func sealedShare(_ changes: [String: String?] = [:]) -> String {
        object([("member_alias", "\"b\""), ("sealed_share", list(8, 130))], changing: changes)
    }

    // MARK: Commitments

    static let commitments = CommitmentsRecord(
        namespaceName: "ns", namespaceNonce: 7, manifestHash: bytes(4, 32), quorumPublicKey: bytes(5, 130),
        threshold: 2, epoch: 0,
        shares: [
            .init(
                identifier: 1, member: MemberRecord(alias: "a", publicKey: bytes(1, 130)), shareHash: bytes(6, 64)),
            .init(
                identifier: 2, member: MemberRecord(alias: "b", publicKey: bytes(2, 130)), shareHash: bytes(7, 64)),
        ],
        signature: bytes(8, 64))

    static func entry(_ changes: [String: String?] = [:]) -> String {
        object(
            [("x", "1"), ("alias", "\"a\""), ("pub_key", list(1, 130)), ("share_hash", list(6, 64))],
            changing: changes)
    }

    static let secondEntry = entry([
        "x": "2", "alias": "\"b\"", "pub_key": list(2, 130), "share_hash": list(7, 64),
    ])

    /// ``commitments`` as JSON, its members in the order of the contract.
    static func commitmentsJSON(_ changes: [String: String?] = [:]) -> String {
        object(
            [
                ("namespace_name", "\"ns\""), ("namespace_nonce", "7"), ("manifest_hash", list(4, 32)),
                ("quorum_public_key", list(5, 130)), ("threshold", "2"), ("epoch", "0"),
                ("shares", "[\(entry()),\(secondEntry)]"), ("signature", list(8, 64)),
            ], changing: changes)
    }

    // MARK: Information

    static func info(_ phase: Phase, quorum: EnclaveInfo.QuorumStatus? = nil) -> EnclaveInfo {
        EnclaveInfo(
            version: "1", enclaveIdentifier: bytes(0xAB, 16), capabilities: ["c"], phase: phase,
            history: [.init(phase: phase, enteredAt: 0)], mode: .development, attestation: .emulated,
            attestationRoot: bytes(0xCD, 32), applicationHash: bytes(1, 32), quorum: quorum,
            sandbox: .init(seccomp: false, landlockABI: nil))
    }

    static func quorum(keyCheck: [UInt8]?) -> EnclaveInfo.QuorumStatus {
        .init(
            namespace: .init(name: "ns", nonce: 7), manifestHash: bytes(4, 32), publicKey: bytes(5, 130),
            fingerprint: bytes(0xEF, 32), keyCheck: keyCheck, threshold: 2, sharesReceived: 1)
    }
}

/// One field of a request that is wrong, and what is said of it.
struct FieldCase: CustomTestStringConvertible, Sendable {
    let changes: [String: String?]
    let reason: RequestError.Reason
    let field: String?

    init(_ name: String, _ value: String?, _ reason: RequestError.Reason, _ field: String? = nil) {
        changes = [name: value]
        self.reason = reason
        self.field = field ?? name
    }

    init(_ changes: [String: String?], _ reason: RequestError.Reason, _ field: String) {
        self.changes = changes
        self.reason = reason
        self.field = field
    }

    var testDescription: String {
        "\(field ?? "") \(reason) \(changes.mapValues { $0.map { String($0.prefix(40)) } })"
    }
}
