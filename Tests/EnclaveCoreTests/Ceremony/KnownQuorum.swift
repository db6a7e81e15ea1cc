// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

/// A manifest that a test can change before it is made.
struct ManifestDraft: Sendable {
    var version = ManifestVersion.v2
    var namespaceName = "namespace"
    var namespaceNonce: UInt32 = 7
    var quorumKey: [UInt8]
    var pivot = Pivot(hash: [UInt8](repeating: 9, count: 32), restart: .never)
    var manifestSet: MemberSet
    var shareSet: MemberSet
    var enclave = NitroConfig(
        pcr0: Samples.measurements.pcr0,
        pcr1: Samples.measurements.pcr1,
        pcr2: Samples.measurements.pcr2,
        pcr3: Samples.measurements.pcr3,
        awsRootCertificate: Samples.measurements.rootCertificate,
        qosCommit: "a commit"
    )

    var manifest: Manifest {
        get throws {
            try Manifest(
                version: version,
                namespace: Namespace(name: namespaceName, nonce: namespaceNonce, quorumKey: quorumKey),
                pivot: pivot,
                manifestSet: manifestSet,
                shareSet: shareSet,
                enclave: enclave,
                patchSet: version == .v2 ? nil : PatchSet(threshold: 0, members: [])
            )
        }
    }
}

/// A quorum whose key the test knows, so that it can sign what no honest enclave would.
struct KnownQuorum: Sendable {
    static let seedText = "41fa8d724a58895460ce0d29be2d0a223fed9595bcfb9295d3826a319dc9e263"

    let key: QuorumKeyPair
    let holders: [Member]
    let approvers: [Member]
    let shares: [[UInt8]]
    var draft: ManifestDraft

    /// - Parameter splitThreshold: how many shares really give the key, where that is not what the manifest says.
    init(_ threshold: UInt32 = 2, of count: Int = 3, splitThreshold: Int? = nil, seed: String = seedText) throws {
        let seed = try Samples.hex(seed)
        key = try QuorumKeyPair(seed: seed.span)
        holders = try Member.all("holder", count)
        approvers = try Member.all("approver", 3)
        let split = try ShareCollection.splitting(
            seed.span, count: count, threshold: splitThreshold ?? Int(threshold), entropy: EntropySource())
        var shares: [[UInt8]] = []
        for place in 0..<count {
            shares.append(split.withShare(at: place) { share in share.indices.map { share[$0] } })
        }
        self.shares = shares
        draft = ManifestDraft(
            quorumKey: key.publicKey.bytes,
            manifestSet: MemberSet(threshold: 2, members: approvers.map(\.member)),
            shareSet: MemberSet(threshold: threshold, members: holders.map(\.member))
        )
    }

    /// The same quorum with a changed manifest.
    func changed(_ change: (inout ManifestDraft) throws -> Void) throws -> KnownQuorum {
        var other = self
        try change(&other.draft)
        return other
    }

    /// Commitments to these shares, or to others, truly signed.
    func commitments(to shares: [[UInt8]]? = nil) throws -> CommitmentsRecord {
        let manifest = try CheckedManifest(draft.manifest)
        return CommitmentsRecord(
            try ShareCommitments(to: (shares ?? self.shares).map { SHA512.digest($0) }, of: manifest, key: key))
    }

    func envelope(approvals: [Approval] = [], shareApprovals: [Approval] = []) throws -> [UInt8] {
        ManifestEnvelope(
            manifest: try draft.manifest, manifestSetApprovals: approvals, shareSetApprovals: shareApprovals
        ).encoded()
    }

    func approvals(_ count: Int) throws -> [Approval] {
        let hash = try draft.manifest.hash()
        return try approvers.prefix(count).map { try $0.approval(of: hash) }
    }

    func boot(
        approvals count: Int = 0, commitments: CommitmentsRecord? = nil
    ) throws -> BootStandardRequest {
        BootStandardRequest(
            manifestEnvelope: try envelope(approvals: try approvals(count)), commitments: commitments)
    }

    func shareRequest(
        approvals count: Int = 0, commitments: CommitmentsRecord? = nil
    ) throws -> ShareManifestRequest {
        ShareManifestRequest(
            manifestEnvelope: try envelope(approvals: try approvals(count)), commitments: commitments)
    }

    /// Boots an enclave, which then waits for shares.
    func scene(
        on enclave: TestEnclave? = nil, approvals: Int = 0, commitments: CommitmentsRecord? = nil
    ) throws -> Scene {
        let enclave = try enclave ?? TestEnclave()
        let result = try enclave.enclave.bootStandard(try boot(approvals: approvals, commitments: commitments))
        return Scene(
            enclave: enclave,
            members: holders,
            shares: shares,
            setupKey: try QuorumPublicKey(result.ephemeralKey),
            manifestHash: result.manifestHash,
            namespace: .init(name: draft.namespaceName, nonce: draft.namespaceNonce)
        )
    }
}
