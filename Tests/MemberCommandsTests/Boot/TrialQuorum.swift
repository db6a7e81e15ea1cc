// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EmulatedAttestation
import Primitives
import Quorum
import SecretMemory
import Testing

@testable import MemberCommands

/// Three members, of whom two are needed, and a genesis of theirs as an enclave holds it.
struct TrialQuorum: Sendable {
    static let aliases = ["alice", "bob", "carol"]

    let pairs: [QuorumKeyPair]
    let genesis: Genesis
    let ephemeral: QuorumKeyPair
    let recoveryKey: QuorumPublicKey?

    static func pair(_ name: String) throws -> QuorumKeyPair {
        try QuorumKeyPair(seed: SHA256.digest(Array(name.utf8)).span)
    }

    /// - Parameters:
    ///   - registers: PCR0 to PCR3 of the enclave.
    ///   - root: the certificate of what attests it.
    init(
        namespace: String = "trial",
        nonce: UInt32 = 7,
        recovery: Bool = false,
        arguments: [String] = [],
        registers: [[UInt8]] = TrialModule.registers,
        root: [UInt8] = DevelopmentRoot.certificate
    ) throws {
        pairs = try Self.aliases.map(Self.pair)
        ephemeral = try Self.pair("ephemeral")
        recoveryKey = recovery ? try Self.pair("recovery").publicKey : nil
        let members = zip(Self.aliases, pairs).map { QuorumMember(alias: $0, publicKey: $1.publicKey.bytes) }
        let set = MemberSet(threshold: 2, members: members)
        let plan = GenesisPlan(
            namespaceName: namespace,
            namespaceNonce: nonce,
            manifestSet: try CheckedMembers(set, as: .manifestSet),
            shareSet: try CheckedMembers(set, as: .shareSet),
            pivot: Pivot(hash: [UInt8](repeating: 0x11, count: 32), restart: .never, arguments: arguments),
            enclave: NitroConfig(
                pcr0: registers[0], pcr1: registers[1], pcr2: registers[2], pcr3: registers[3],
                awsRootCertificate: root, qosCommit: "renclave trial"),
            recoveryKey: recoveryKey
        )
        genesis = try Genesis(plan, entropy: EntropySource(), memory: .guarded)
    }

    var manifest: Manifest { genesis.manifest.manifest }

    var envelope: ManifestEnvelope { ManifestEnvelope(manifest: manifest) }

    var fingerprint: String { Hex.encode(genesis.manifest.quorumKey.fingerprint) }

    /// The same namespace and key under another nonce.
    func manifest(nonce: UInt32, arguments: [String] = []) throws -> Manifest {
        var pivot = manifest.pivot
        pivot.arguments = arguments
        var namespace = manifest.namespace
        namespace.nonce = nonce
        return try Manifest(
            version: .v2, namespace: namespace, pivot: pivot, manifestSet: manifest.manifestSet,
            shareSet: manifest.shareSet, enclave: manifest.enclave)
    }

    /// A manifest that as many approve as it needs.
    func approved(_ manifest: Manifest, by aliases: [String] = ["alice", "bob"]) throws -> ManifestEnvelope {
        let hash = manifest.hash()
        return ManifestEnvelope(
            manifest: manifest,
            manifestSetApprovals: try aliases.map { try Approval(of: hash, alias: $0, key: Self.pair($0)) })
    }

    func approval(_ alias: String) throws -> Approval {
        try Approval(of: genesis.manifest.hash, alias: alias, key: Self.pair(alias))
    }

    /// The text of a member's secret file.
    static func secret(_ name: String) -> String {
        Hex.encode(SHA256.digest(Array(name.utf8))) + "\n"
    }

    /// Files of members' secret keys.
    static func writeKeys(_ aliases: [String] = aliases, to folder: TrialFolder) throws -> String {
        for alias in aliases { try folder.write(secret(alias), "keys/\(alias).secret") }
        return folder.path(of: "keys")
    }
}

// MARK: - JSON

extension TrialQuorum {
    private static func json(_ members: [QuorumMember]) -> JSONValue {
        .array(members.map { .fields(["alias": .string($0.alias), "pub_key": .byteArray($0.publicKey)]) })
    }

    /// What was asked for.
    var request: JSONValue {
        .fields([
            "namespace_name": .string(manifest.namespace.name),
            "namespace_nonce": .count(manifest.namespace.nonce),
            "manifest_members": Self.json(manifest.manifestSet.members),
            "manifest_threshold": .count(manifest.manifestSet.threshold),
            "share_members": Self.json(manifest.shareSet.members),
            "share_threshold": .count(manifest.shareSet.threshold),
            "pivot_args": .array(manifest.pivot.arguments.map { .string($0) }),
            "dr_key": recoveryKey.map { .byteArray($0.bytes) } ?? .null,
        ])
    }

    var commitments: JSONValue {
        let commitments = genesis.commitments
        return .fields([
            "namespace_name": .string(commitments.namespaceName),
            "namespace_nonce": .count(commitments.namespaceNonce),
            "manifest_hash": .byteArray(commitments.manifestHash),
            "quorum_public_key": .byteArray(commitments.quorumPublicKey),
            "threshold": .count(commitments.threshold),
            "epoch": .count(commitments.epoch),
            "shares": .array(
                commitments.shares.map { entry in
                    .fields([
                        "x": .count(entry.identifier), "alias": .string(entry.member.alias),
                        "pub_key": .byteArray(entry.member.publicKey), "share_hash": .byteArray(entry.shareHash),
                    ])
                }),
            "signature": .byteArray(commitments.signature),
        ])
    }

    /// What the gateway answers to a genesis.
    var answer: JSONValue {
        .fields([
            "quorum_public_key": .byteArray(genesis.manifest.quorumKey.bytes),
            "ephemeral_key": .byteArray(ephemeral.publicKey.bytes),
            "manifest_envelope": envelope.json,
            "manifest_hash": .byteArray(genesis.manifest.hash),
            "waiting_state": .string("WaitingForQuorumShards"),
            "threshold": .count(2),
            "encrypted_shares": .array(
                genesis.output.memberOutputs.map { output in
                    .fields([
                        "share_set_member": .fields([
                            "alias": .string(output.member.alias), "pub_key": .byteArray(output.member.publicKey),
                        ]),
                        "encrypted_quorum_key_share": .byteArray(output.encryptedShare),
                        "share_hash": .byteArray(output.shareHash),
                    ])
                }),
            "share_commitments": commitments,
            "genesis_output": .byteArray(genesis.output.encoded()),
            "dr_key_wrapped_quorum_key": genesis.output.wrappedQuorumKey.map { .byteArray($0) },
        ])
    }

    /// The same with a document about it.
    func answer(attestedBy document: [UInt8]) throws -> JSONValue {
        .object(try answer.members() + [JSONMember(name: "attestation_doc", value: .byteArray(document))])
    }

    /// What the gateway answers to a boot with this manifest.
    var bootAnswer: JSONValue {
        .fields([
            "state": .string("WaitingForQuorumShards"), "ephemeral_key": .byteArray(ephemeral.publicKey.bytes),
            "manifest_hash": .byteArray(genesis.manifest.hash), "threshold": .count(2), "approvals_counted": .count(0),
        ])
    }

    /// What the gateway answers when the shares of these members gave the key.
    func provisioned(_ aliases: [String]) -> JSONValue {
        .fields([
            "success": .bool(true), "state": .string("ApplicationReady"),
            "reconstructed_quorum_key": .byteArray(genesis.manifest.quorumKey.bytes),
            "shares_received": .count(aliases.count), "threshold": .count(2),
            "shares": .array(
                aliases.map { .fields(["member_alias": .string($0), "accepted": .bool(true)]) }),
        ])
    }

    func information(keyCheck: String = "0102030405060708") -> JSONValue {
        .fields([
            "state": .string("ApplicationReady"), "quorum_key_fingerprint": .string(fingerprint),
            "key_check": .string(keyCheck),
        ])
    }

    /// The plain share of a member.
    func share(_ alias: String) throws -> [UInt8] {
        let index = try #require(Self.aliases.firstIndex(of: alias))
        return try open(genesis.output.memberOutputs[index].encryptedShare, with: pairs[index])
    }

    /// The plaintext of an envelope, in ordinary memory, as only a test may have it.
    func open(_ envelope: [UInt8], with pair: QuorumKeyPair) throws -> [UInt8] {
        let plain = try pair.open(envelope, memory: .guarded)
        return plain.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    /// Whether an element of `shares` holds the share of its member, sealed to the ephemeral key and approved.
    func isGenuine(_ element: JSONValue, of alias: String, manifestHash: [UInt8]? = nil) throws -> Bool {
        guard try element.members().map(\.name) == ["member_alias", "sealed_share", "approval"] else { return false }
        let sealed = try element.required("sealed_share").byteArray(count: 130)
        let signature = try element.required("approval").required("signature").byteArray(count: 64)
        let message = ShareApproval.message(
            manifestHash: manifestHash ?? genesis.manifest.hash, ephemeralKey: ephemeral.publicKey,
            sealedShare: sealed)
        try Self.pair(alias).publicKey.verify(signature, of: message)
        return try element.required("member_alias") == .string(alias)
            && open(sealed, with: ephemeral) == share(alias)
    }
}
