// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// The hashes of all shares, signed by the quorum key before it is forgotten: what lets an enclave judge each share
/// when it arrives.
package struct ShareCommitments: Sendable {
    /// One share.
    package struct Entry: Equatable, Sendable {
        /// The share's x, 1 to 255.
        package let identifier: UInt8
        package let member: QuorumMember
        /// SHA-512 of the 33 bytes of the share.
        package let shareHash: [UInt8]

        package init(identifier: UInt8, member: QuorumMember, shareHash: [UInt8]) {
            self.identifier = identifier
            self.member = member
            self.shareHash = shareHash
        }
    }

    private static let purpose = Array("renclave/share-commitments/v1\0".utf8)

    package let namespaceName: String
    package let namespaceNonce: UInt32
    /// 32 bytes: the manifest of the genesis, which later ones may follow.
    package let manifestHash: [UInt8]
    /// 130 bytes.
    package let quorumPublicKey: [UInt8]
    package let threshold: UInt32
    /// 0: shares are made once.
    package let epoch: UInt32
    /// By x.
    package let shares: [Entry]
    /// By the quorum key, 64 bytes.
    package private(set) var signature: [UInt8]

    package init(
        namespaceName: String,
        namespaceNonce: UInt32,
        manifestHash: [UInt8],
        quorumPublicKey: [UInt8],
        threshold: UInt32,
        epoch: UInt32,
        shares: [Entry],
        signature: [UInt8]
    ) {
        self.namespaceName = namespaceName
        self.namespaceNonce = namespaceNonce
        self.manifestHash = manifestHash
        self.quorumPublicKey = quorumPublicKey
        self.threshold = threshold
        self.epoch = epoch
        self.shares = shares
        self.signature = signature
    }

    /// Commits to the shares of a genesis.
    ///
    /// - Parameters:
    ///   - shareHashes: 64 bytes each, in the order of the manifest's share members.
    ///   - key: the manifest's quorum key.
    /// - Throws: ``QuorumError/badCommitments`` for other hashes or another key; what signing throws.
    package init(to shareHashes: [[UInt8]], of manifest: CheckedManifest, key: QuorumKeyPair) throws(QuorumError) {
        let members = manifest.shareSet.set.members
        guard shareHashes.count == members.count, shareHashes.allSatisfy({ $0.count == SHA512.byteCount }),
            key.publicKey == manifest.quorumKey
        else { throw .badCommitments }
        let shares = zip(shareHashes, members).enumerated().map { index, pair in
            Entry(identifier: UInt8(truncatingIfNeeded: index + 1), member: pair.1, shareHash: pair.0)
        }
        self.init(
            namespaceName: manifest.manifest.namespace.name,
            namespaceNonce: manifest.manifest.namespace.nonce,
            manifestHash: manifest.hash,
            quorumPublicKey: key.publicKey.bytes,
            threshold: manifest.shareSet.set.threshold,
            epoch: 0,
            shares: shares,
            signature: []
        )
        signature = try key.sign(message())
    }

    /// Whether every later enclave of a manifest may rely on these: signed by its quorum key, of epoch 0, and for its
    /// name, threshold and share members in their order. The nonce and the hash are those of the genesis.
    ///
    /// - Throws: ``QuorumError/badCommitments``.
    package func check(against manifest: CheckedManifest) throws(QuorumError) {
        let members = manifest.shareSet.set.members
        guard epoch == 0, manifestHash.count == 32, threshold == manifest.shareSet.set.threshold,
            namespaceName.isSameText(as: manifest.manifest.namespace.name),
            quorumPublicKey == manifest.quorumKey.bytes, shares.count == members.count
        else { throw .badCommitments }
        for (index, entry) in shares.enumerated() {
            let isExpected =
                Int(entry.identifier) == index + 1 && entry.shareHash.count == SHA512.byteCount
                && entry.member == members[index]
            guard isExpected else { throw .badCommitments }
        }
        do {
            try manifest.quorumKey.verify(signature, of: message())
        } catch {
            throw .badCommitments
        }
    }

    /// The bytes that are signed: purpose ‖ Borsh of all fields but the signature.
    package func message() -> [UInt8] {
        var writer = BorshWriter()
        writer.fixed(Self.purpose)
        writer.string(namespaceName)
        writer.u32(namespaceNonce)
        writer.fixed(manifestHash)
        writer.bytes(quorumPublicKey)
        writer.u32(threshold)
        writer.u32(epoch)
        writer.array(shares) { writer, entry in
            writer.u8(entry.identifier)
            writer.string(entry.member.alias)
            writer.bytes(entry.member.publicKey)
            writer.fixed(entry.shareHash)
        }
        return writer.bytes
    }
}

extension ShareCommitments: Equatable {
    /// Texts are compared byte for byte.
    package static func == (left: ShareCommitments, right: ShareCommitments) -> Bool {
        left.namespaceName.isSameText(as: right.namespaceName) && left.namespaceNonce == right.namespaceNonce
            && left.manifestHash == right.manifestHash && left.quorumPublicKey == right.quorumPublicKey
            && left.threshold == right.threshold && left.epoch == right.epoch && left.shares == right.shares
            && left.signature == right.signature
    }
}
