// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory

extension Enclave {
    /// Lets the quorum key be born: makes it, splits it among the members, commits to the shares, and forgets it.
    ///
    /// - Throws: ``EnclaveError`` with the field that is wrong, ``EnclaveError/Reason/pivotMismatch``, or what the
    ///   machine could not do; nothing has then changed.
    func genesisBoot(_ request: GenesisBootRequest) throws(EnclaveError) -> GenesisAnswer {
        let plan = try GenesisPlan(request, identity: identity)
        return try change(for: .genesisBoot) { _ throws(EnclaveError) in
            let genesis: Genesis
            do throws(QuorumError) {
                genesis = try Genesis(plan, entropy: entropy, memory: .arena(arena))
            } catch {
                throw EnclaveError(lower: error)
            }
            let (keys, setupKey) = try makeBootKeys()
            let document = try genesisDocument(genesis.output.encoded(), nonce: request.nonce)
            let adopted = AdoptedManifest(genesis.manifest, approvals: [], commitments: genesis.commitments)
            let answer = GenesisAnswer(
                genesis, ephemeralKey: setupKey.publicKey, manifest: adopted.message, document: document)
            let holdings = Holdings(manifest: adopted, bootKeys: keys, genesisAnswer: answer)
            return Change(
                value: answer, commit: try adopt(holdings, entering: [.genesisBooted, .waitingForQuorumShards]))
        }
    }

    /// The answer to the genesis boot once more, until the key is provisioned.
    ///
    /// - Throws: ``EnclaveError/Reason/noGenesis``.
    func genesisAnswer() throws(EnclaveError) -> GenesisAnswer {
        guard let answer = try read({ $0.holdings.genesisAnswer }) else { throw EnclaveError(.noGenesis) }
        return answer
    }

    /// The manifest that is held.
    ///
    /// - Throws: ``EnclaveError/Reason/noManifest``.
    func heldManifest() throws(EnclaveError) -> HeldManifest {
        guard let manifest = try read({ $0.holdings.manifest }) else { throw EnclaveError(.noManifest) }
        return manifest.message
    }
}

extension GenesisPlan {
    /// The plan that a request makes for this enclave.
    init(_ request: GenesisBootRequest, identity: EnclaveIdentity) throws(EnclaveError) {
        guard Limits.namespaceNameBytes.contains(request.namespaceName.utf8.count) else {
            throw EnclaveError(.outOfRange, field: "namespace_name")
        }
        guard request.nonce.map({ Limits.attestationNonceBytes.contains($0.count) }) ?? true else {
            throw EnclaveError(.outOfRange, field: "nonce")
        }
        try self.init(
            namespaceName: request.namespaceName,
            namespaceNonce: request.namespaceNonce,
            manifestSet: Self.checked(
                request.manifestMembers, request.manifestThreshold, as: .manifestSet, field: "manifest_members"),
            shareSet: Self.checked(request.shareMembers, request.shareThreshold, as: .shareSet, field: "share_members"),
            pivot: Self.pivot(request, identity),
            enclave: NitroConfig(identity.measurements),
            recoveryKey: Self.recoveryKey(request)
        )
    }

    private static func checked(
        _ members: [MemberRecord],
        _ threshold: UInt32,
        as role: CheckedMembers.Role,
        field: StaticString
    ) throws(EnclaveError) -> CheckedMembers {
        guard members.count <= Limits.members else { throw EnclaveError(.outOfRange, field: field) }
        let members = members.map { QuorumMember($0) }
        for (index, member) in members.enumerated() where !member.hasAlias {
            throw EnclaveError(.outOfRange, field: field, index: index, "alias")
        }
        do {
            return try CheckedMembers(
                MemberSet(threshold: threshold, members: members), as: role)
        } catch {
            switch error.place {
            case .memberAlias(_, let index):
                throw EnclaveError(.duplicateMember, field: field, index: index, "alias")
            case .memberKey(_, let index):
                let reason: EnclaveError.Reason = error.error == .duplicateMember ? .duplicateMember : .badPublicKey
                throw EnclaveError(
                    error.error.isOfTheMachine ? .internalFailure : reason, field: field, index: index, "pub_key")
            case .threshold, .quorumKey:
                throw EnclaveError(
                    .outOfRange, field: role == .shareSet ? "share_threshold" : "manifest_threshold")
            }
        }
    }

    /// The pivot is this executable, which takes no arguments that a manifest could name.
    private static func pivot(
        _ request: GenesisBootRequest, _ identity: EnclaveIdentity
    ) throws(EnclaveError) -> Pivot {
        let own = identity.applicationHash
        if let hash = request.pivotHash {
            guard hash.count == own.count else { throw EnclaveError(.outOfRange, field: "pivot_hash") }
            guard hash == own || hash.allSatisfy({ $0 == 0 }) else {
                throw EnclaveError(.pivotMismatch, field: "pivot_hash")
            }
        }
        guard request.pivotArguments.isEmpty else { throw EnclaveError(.pivotMismatch, field: "pivot_args") }
        return Pivot(hash: own, restart: .never)
    }

    private static func recoveryKey(_ request: GenesisBootRequest) throws(EnclaveError) -> QuorumPublicKey? {
        guard let bytes = request.recoveryKey else { return nil }
        guard let key = try? QuorumPublicKey(bytes), key.encryptionPoint != key.signingPoint else {
            throw EnclaveError(.badPublicKey, field: "dr_key")
        }
        return key
    }
}

extension NitroConfig {
    /// What a manifest says of the enclave that it was made in.
    fileprivate init(_ measurements: Measurements) {
        self.init(
            pcr0: measurements.pcr0,
            pcr1: measurements.pcr1,
            pcr2: measurements.pcr2,
            pcr3: measurements.pcr3,
            awsRootCertificate: measurements.rootCertificate,
            qosCommit: "renclave \(Version.product)"
        )
    }
}

extension GenesisAnswer {
    /// What a genesis gives out.
    init(_ genesis: Genesis, ephemeralKey: QuorumPublicKey, manifest: HeldManifest, document: [UInt8]) {
        self.init(
            quorumPublicKey: genesis.manifest.quorumKey.bytes,
            ephemeralKey: ephemeralKey.bytes,
            manifestEnvelope: manifest.manifestEnvelope,
            manifestHash: manifest.manifestHash,
            threshold: genesis.manifest.shareSet.set.threshold,
            encryptedShares: genesis.output.memberOutputs.map {
                EncryptedShare(
                    member: MemberRecord($0.member), ciphertext: $0.encryptedShare, shareHash: $0.shareHash)
            },
            commitments: CommitmentsRecord(genesis.commitments),
            genesisOutput: genesis.output.encoded(),
            recoveryWrappedKey: genesis.output.wrappedQuorumKey,
            attestationDocument: document
        )
    }
}
