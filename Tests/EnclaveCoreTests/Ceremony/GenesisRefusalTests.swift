// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("requests for a genesis that are refused")
struct GenesisRefusalTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: EnclaveError
        let change: @Sendable (inout GenesisDraft) throws -> Void

        init(_ name: String, _ error: EnclaveError, change: @escaping @Sendable (inout GenesisDraft) throws -> Void) {
            testDescription = name
            self.error = error
            self.change = change
        }

        init(
            _ name: String, _ reason: EnclaveError.Reason, _ field: StaticString,
            change: @escaping @Sendable (inout GenesisDraft) throws -> Void
        ) {
            self.init(name, EnclaveError(reason, field: field), change: change)
        }
    }

    private static let texts: [Refusal] = [
        Refusal("no namespace", .outOfRange, "namespace_name") { $0.namespaceName = "" },
        Refusal("a namespace of 257 bytes", .outOfRange, "namespace_name") {
            $0.namespaceName = String(repeating: "n", count: 257)
        },
        Refusal("a namespace of 129 letters and 258 bytes", .outOfRange, "namespace_name") {
            $0.namespaceName = String(repeating: "é", count: 129)
        },
        Refusal("a nonce of 513 bytes", .outOfRange, "nonce") { $0.nonce = [UInt8](repeating: 1, count: 513) },
        Refusal("another pivot", .pivotMismatch, "pivot_hash") { $0.pivotHash = [UInt8](repeating: 8, count: 32) },
        Refusal("a pivot that differs in its last bit", .pivotMismatch, "pivot_hash") {
            $0.pivotHash = [UInt8](repeating: 9, count: 31) + [8]
        },
        Refusal("a pivot of 31 bytes", .outOfRange, "pivot_hash") { $0.pivotHash = [UInt8](repeating: 9, count: 31) },
        Refusal("a pivot of 33 bytes", .outOfRange, "pivot_hash") { $0.pivotHash = [UInt8](repeating: 9, count: 33) },
        Refusal("a pivot of 31 zeros", .outOfRange, "pivot_hash") { $0.pivotHash = [UInt8](repeating: 0, count: 31) },
        Refusal("a pivot of no bytes", .outOfRange, "pivot_hash") { $0.pivotHash = [] },
        Refusal("arguments", .pivotMismatch, "pivot_args") { $0.pivotArguments = ["--verbose"] },
        Refusal("an empty argument", .pivotMismatch, "pivot_args") { $0.pivotArguments = [""] },
        Refusal("a recovery key of 129 bytes", .badPublicKey, "dr_key") {
            $0.recoveryKey = try Member("recovery").key.publicKey.bytes.dropLast()
        },
        Refusal("a recovery key of no bytes", .badPublicKey, "dr_key") { $0.recoveryKey = [] },
        Refusal("a recovery key of one point twice", .badPublicKey, "dr_key") {
            let point = try Member("recovery").key.publicKey.signingPoint
            $0.recoveryKey = point + point
        },
        Refusal("a recovery key off the curve", .badPublicKey, "dr_key") {
            $0.recoveryKey = Self.offTheCurve(try Member("recovery").key.publicKey.bytes)
        },
    ]

    private static let sets: [Refusal] =
        ([0, 1, 4, 255, .max] as [UInt32]).map { threshold in
            Refusal("a share threshold of \(threshold) in 3", .outOfRange, "share_threshold") {
                $0.shareThreshold = threshold
            }
        }
        + ([0, 4, 255, .max] as [UInt32]).map { threshold in
            Refusal("a manifest threshold of \(threshold) in 3", .outOfRange, "manifest_threshold") {
                $0.manifestThreshold = threshold
            }
        }
        + [
            Refusal("nobody who holds shares", .outOfRange, "share_threshold") { $0.shareMembers = [] },
            Refusal("one who holds shares", .outOfRange, "share_threshold") {
                $0.shareMembers = Array($0.shareMembers.prefix(1))
            },
            Refusal("nobody who approves", .outOfRange, "manifest_threshold") { $0.manifestMembers = [] },
            Refusal("256 who hold shares", .outOfRange, "share_members") {
                $0.shareMembers = Self.many(256, like: $0.shareMembers[0])
            },
            Refusal("256 who approve", .outOfRange, "manifest_members") {
                $0.manifestMembers = Self.many(256, like: $0.manifestMembers[0])
            },
        ]

    private static let aliases: [Refusal] = [
        "", String(repeating: "a", count: 65), String(repeating: "é", count: 33), "a\nb", "\0", "a\u{7F}", "\u{85}",
        "\u{1B}[2J", "a\u{202E}b", "\u{AD}", "a\u{200D}", "\u{E0001}", "a\u{2028}", "\u{2029}b",
    ].flatMap { alias in
        [
            Refusal(
                "an alias like \(alias.debugDescription)",
                EnclaveError(.outOfRange, field: "share_members", index: 1, "alias")
            ) { $0.shareMembers[1] = MemberRecord(alias: alias, publicKey: $0.shareMembers[1].publicKey) },
            Refusal(
                "an approver's alias like \(alias.debugDescription)",
                EnclaveError(.outOfRange, field: "manifest_members", index: 0, "alias")
            ) { $0.manifestMembers[0] = MemberRecord(alias: alias, publicKey: $0.manifestMembers[0].publicKey) },
        ]
    }

    private static let keyChanges: [(name: String, change: @Sendable ([UInt8]) -> [UInt8])] = [
        ("of 129 bytes", { Array($0.dropLast()) }),
        ("of 131 bytes", { $0 + [0] }),
        ("of no bytes", { _ in [] }),
        ("of zeros", { $0.map { _ in 0 } }),
        ("off the curve", { offTheCurve($0) }),
        ("off the curve in its first point", { bytes in [bytes[0], bytes[1] ^ 1] + Array(bytes.dropFirst(2)) }),
        ("of compressed points", { [2] + Array($0[1...32]) + [2] + Array($0[66...97]) }),
        ("of one point twice", { Array($0.prefix(65)) + Array($0.prefix(65)) }),
    ]

    private static let keys: [Refusal] = keyChanges.flatMap { name, change -> [Refusal] in
        [
            Refusal(
                "a holder's key \(name)", EnclaveError(.badPublicKey, field: "share_members", index: 2, "pub_key")
            ) { $0.shareMembers[2] = Self.changed($0.shareMembers[2], change) },
            Refusal(
                "an approver's key \(name)",
                EnclaveError(.badPublicKey, field: "manifest_members", index: 1, "pub_key")
            ) { $0.manifestMembers[1] = Self.changed($0.manifestMembers[1], change) },
        ]
    }

    private static let duplicates: [Refusal] = [
        Refusal("an alias twice", EnclaveError(.duplicateMember, field: "share_members", index: 2, "alias")) {
            $0.shareMembers[2] = MemberRecord(
                alias: $0.shareMembers[0].alias, publicKey: $0.shareMembers[2].publicKey)
        },
        Refusal("a key twice", EnclaveError(.duplicateMember, field: "share_members", index: 1, "pub_key")) {
            $0.shareMembers[1] = MemberRecord(alias: "other", publicKey: $0.shareMembers[0].publicKey)
        },
        Refusal(
            "an encryption point twice", EnclaveError(.duplicateMember, field: "share_members", index: 2, "pub_key")
        ) {
            let key = Array($0.shareMembers[0].publicKey.prefix(65) + $0.shareMembers[2].publicKey.suffix(65))
            $0.shareMembers[2] = MemberRecord(alias: "other", publicKey: key)
        },
        Refusal("a signing point twice", EnclaveError(.duplicateMember, field: "manifest_members", index: 2, "pub_key"))
        {
            let key = Array($0.manifestMembers[2].publicKey.prefix(65) + $0.manifestMembers[1].publicKey.suffix(65))
            $0.manifestMembers[2] = MemberRecord(alias: "other", publicKey: key)
        },
        Refusal("an approver twice", EnclaveError(.duplicateMember, field: "manifest_members", index: 1, "alias")) {
            $0.manifestMembers[1] = MemberRecord(
                alias: $0.manifestMembers[0].alias, publicKey: $0.manifestMembers[1].publicKey)
        },
    ]

    private static func offTheCurve(_ key: [UInt8]) -> [UInt8] {
        key.dropLast() + [key[129] ^ 1]
    }

    private static func many(_ count: Int, like member: MemberRecord) -> [MemberRecord] {
        (0..<count).map { MemberRecord(alias: "member\($0)", publicKey: member.publicKey) }
    }

    private static func changed(_ member: MemberRecord, _ change: ([UInt8]) -> [UInt8]) -> MemberRecord {
        MemberRecord(alias: member.alias, publicKey: change(member.publicKey))
    }

    @Test("each says which field is wrong, and changes nothing", arguments: texts + sets + aliases + keys + duplicates)
    func refusal(refusal: Refusal) throws {
        let enclave = try TestEnclave()
        var draft = try GenesisDraft()
        try refusal.change(&draft)
        enclave.expect(refusal.error) { try enclave.enclave.genesisBoot(draft.request) }
        #expect(enclave.phase == .waitingForBootInstruction)
        // What was refused is no obstacle to what is right.
        _ = try enclave.enclave.genesisBoot(try GenesisDraft().request)
    }

    @Test("a stuck random source fails it, and changes nothing")
    func stuck() throws {
        let enclave = try TestEnclave(entropy: EntropySource { $0.update(repeating: 5) })
        enclave.expect(EnclaveError(.entropyFailed)) { try enclave.enclave.genesisBoot(try GenesisDraft().request) }
    }
}
