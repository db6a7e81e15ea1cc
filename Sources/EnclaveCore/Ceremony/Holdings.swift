// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import SecretMemory

/// A manifest that the enclave has taken on, with what belongs to it.
struct AdoptedManifest: Sendable {
    let checked: CheckedManifest
    /// Of the manifest set, each of them valid, one for each member.
    private(set) var approvals: [Approval]
    /// Checked against the manifest.
    var commitments: ShareCommitments?

    init(_ checked: CheckedManifest, approvals: [Approval], commitments: ShareCommitments?) {
        self.checked = checked
        self.approvals = approvals
        self.commitments = commitments
    }

    /// Whether the manifest set's threshold is reached.
    var isApproved: Bool { approvals.count >= checked.manifestSet.threshold }

    /// Adds the approvals of members who had not approved yet.
    mutating func add(_ others: [Approval]) {
        approvals += others.filter { other in !approvals.contains { $0.member == other.member } }
    }

    /// For an answer.
    var message: HeldManifest {
        HeldManifest(
            manifestEnvelope: ManifestEnvelope(
                manifest: checked.manifest, manifestSetApprovals: approvals, shareSetApprovals: []
            ).encoded(),
            manifestHash: checked.hash,
            commitments: commitments.map { CommitmentsRecord($0) }
        )
    }
}

/// One member's share, in guarded memory until the key has been rebuilt.
final class HeldShare: Sendable {
    private let bytes: SecretBytes

    /// The share's x, which is no secret.
    let identifier: UInt8

    /// Copies a share of at least one byte.
    init(_ share: borrowing Span<UInt8>) throws(EnclaveError) {
        bytes = try SecretSupply.guarded.copy(share)
        identifier = share[0]
    }

    /// Whether a share is the same, in constant time.
    func isEqual(to share: borrowing Span<UInt8>) -> Bool {
        bytes.withBytes { ConstantTime.equal($0, share) }
    }

    func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withBytes(body)
    }
}

/// The whole quorum key and what serves from it.
final class ProvisionedKey: Sendable {
    let pair: QuorumKeyPair
    let seeds: SeedDerivation
    /// 8 bytes.
    let check: [UInt8]

    init(_ pair: QuorumKeyPair, namespaceName: String) throws(QuorumError) {
        self.pair = pair
        seeds = try SeedDerivation(from: pair, namespaceName: namespaceName)
        check = pair.keyCheck(namespaceName: namespaceName)
    }
}

/// The two keys that an enclave makes at each boot instruction and binds to the manifest in its registers.
struct BootKeys: Sendable {
    /// Shares and the forwarded key are sealed to it; it goes with the provisioning.
    private(set) var setup: QuorumKeyPair?
    /// What the documents of a provisioned enclave name.
    let live: QuorumKeyPair

    init(setup: QuorumKeyPair, live: QuorumKeyPair) {
        self.setup = setup
        self.live = live
    }

    /// The same without the key that nothing may be sealed to any more.
    var provisioned: BootKeys {
        var keys = self
        keys.setup = nil
        return keys
    }
}

/// What the enclave holds besides its state. Every secret in it goes when the last holder lets go of it.
struct Holdings: Sendable {
    var manifest: AdoptedManifest?
    /// Made for the manifest.
    var bootKeys: BootKeys?
    /// By the member's place in the share set.
    var shares: [Int: HeldShare] = [:]
    /// Shares that the key was rebuilt from.
    var sharesUsed = 0
    var genesisAnswer: GenesisAnswer?
    var key: ProvisionedKey?

    /// For the information that an enclave gives of itself.
    var status: EnclaveInfo.QuorumStatus? {
        guard let checked = manifest?.checked else { return nil }
        return EnclaveInfo.QuorumStatus(
            namespace: .init(name: checked.manifest.namespace.name, nonce: checked.manifest.namespace.nonce),
            manifestHash: checked.hash,
            publicKey: checked.quorumKey.bytes,
            fingerprint: checked.quorumKey.fingerprint,
            keyCheck: key?.check,
            threshold: checked.shareSet.set.threshold,
            sharesReceived: UInt32(key == nil ? shares.count : sharesUsed)
        )
    }
}
