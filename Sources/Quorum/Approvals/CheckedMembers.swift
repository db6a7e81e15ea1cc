// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A member set whose rules hold, with its keys read: only the check makes one.
///
/// QuorumOS compares no threshold with the size of its set; here 1 ≤ k ≤ n for those who approve and 2 ≤ k ≤ n for
/// those who hold shares, at most 255 either way, and every alias, encryption point and signing point once.
package struct CheckedMembers: Equatable, Sendable {
    /// What the members of a set do.
    package enum Role: Equatable, Sendable {
        /// They approve manifests.
        case manifestSet
        /// They hold shares.
        case shareSet

        /// The lowest threshold that means anything.
        package var lowestThreshold: Int {
            switch self {
            case .manifestSet: 1
            case .shareSet: 2
            }
        }
    }

    /// A share's x is one byte and not zero.
    package static let most = ShareCollection.maximumCount

    package let set: MemberSet
    /// In the order of the members.
    package let keys: [QuorumPublicKey]

    /// Members that are needed.
    package var threshold: Int { Int(set.threshold) }

    /// Checks a set.
    ///
    /// - Throws: ``ManifestFlaw`` with ``QuorumError/badThreshold``, ``QuorumError/duplicateMember``, or the error of a
    ///   key; a key whose two points are the same is ``QuorumError/badPublicKey``.
    package init(_ set: MemberSet, as role: Role) throws(ManifestFlaw) {
        guard set.members.count <= Self.most, set.threshold >= role.lowestThreshold,
            set.threshold <= set.members.count
        else { throw ManifestFlaw(.badThreshold, at: .threshold(role)) }
        var keys: [QuorumPublicKey] = []
        var aliases: Set<[UInt8]> = []
        var encryptionPoints: Set<[UInt8]> = []
        var signingPoints: Set<[UInt8]> = []
        for (index, member) in set.members.enumerated() {
            let key: QuorumPublicKey
            do {
                key = try QuorumPublicKey(member.publicKey)
            } catch {
                throw ManifestFlaw(error, at: .memberKey(role, index))
            }
            guard key.encryptionPoint != key.signingPoint else {
                throw ManifestFlaw(.badPublicKey, at: .memberKey(role, index))
            }
            guard aliases.insert(Array(member.alias.utf8)).inserted else {
                throw ManifestFlaw(.duplicateMember, at: .memberAlias(role, index))
            }
            guard encryptionPoints.insert(key.encryptionPoint).inserted,
                signingPoints.insert(key.signingPoint).inserted
            else { throw ManifestFlaw(.duplicateMember, at: .memberKey(role, index)) }
            keys.append(key)
        }
        self.set = set
        self.keys = keys
    }

    /// The place of a member in the set, from 0.
    package func index(of member: QuorumMember) -> Int? {
        set.members.firstIndex(of: member)
    }

    /// The place of the member with an alias, from 0.
    package func index(ofAlias alias: String) -> Int? {
        set.members.firstIndex { $0.alias.utf8.elementsEqual(alias.utf8) }
    }
}

/// What is wrong with a manifest, and where.
package struct ManifestFlaw: Error, Equatable, Sendable {
    /// A part of a manifest; members are counted from 0.
    package enum Place: Equatable, Sendable {
        case quorumKey
        case threshold(CheckedMembers.Role)
        case memberAlias(CheckedMembers.Role, Int)
        case memberKey(CheckedMembers.Role, Int)
    }

    package let error: QuorumError
    package let place: Place

    package init(_ error: QuorumError, at place: Place) {
        self.error = error
        self.place = place
    }
}
