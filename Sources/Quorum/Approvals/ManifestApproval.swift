// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension Approval {
    /// Approves a manifest: QuorumOS signs the 32 bytes of its hash.
    ///
    /// - Parameter alias: the member's name in the manifest.
    package init(of manifestHash: [UInt8], alias: String, key: QuorumKeyPair) throws(QuorumError) {
        self.init(
            signature: try key.sign(manifestHash),
            member: QuorumMember(alias: alias, publicKey: key.publicKey.bytes)
        )
    }
}

extension ManifestEnvelope {
    /// QuorumOS's own check of the manifest set's approvals: one bad approval fails the envelope, and thresholds are
    /// not compared with sizes.
    ///
    /// - Throws: in this order: the error of a member's key, ``QuorumError/duplicateMember``; for each approval the
    ///   error of its key, ``QuorumError/badApproval``, ``QuorumError/notAMember``,
    ///   ``QuorumError/duplicateApproval``; then ``QuorumError/notEnoughApprovals``.
    package func checkApprovals() throws(QuorumError) {
        try manifest.manifestSet.check(manifestSetApprovals, of: manifest.hash())
    }
}

extension MemberSet {
    /// QuorumOS's check of approvals of a manifest of this hash.
    ///
    /// - Throws: as ``ManifestEnvelope/checkApprovals()``.
    func check(_ approvals: [Approval], of manifestHash: [UInt8]) throws(QuorumError) {
        try checkDistinct()
        var seen: Set<Int> = []
        for approval in approvals {
            let key = try QuorumPublicKey(approval.member.publicKey)
            do {
                try key.verify(approval.signature, of: manifestHash)
            } catch {
                throw .badApproval
            }
            guard let place = members.firstIndex(of: approval.member) else { throw .notAMember }
            guard seen.insert(place).inserted else { throw .duplicateApproval }
        }
        guard seen.count >= threshold else { throw .notEnoughApprovals }
    }

    private func checkDistinct() throws(QuorumError) {
        // Every key first: a member that occurs twice is only looked for among keys that are some.
        let keys = try members.map { (member) throws(QuorumError) in try QuorumPublicKey(member.publicKey) }
        let isDistinct =
            Set(members.map { Array($0.alias.utf8) }).count == members.count
            && Set(keys.map(\.encryptionPoint)).count == members.count
            && Set(keys.map(\.signingPoint)).count == members.count
        guard isDistinct else { throw .duplicateMember }
    }
}
