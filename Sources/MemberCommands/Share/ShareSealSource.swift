// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory

/// Where a member's plain share comes from when it is to be sealed anew.
struct ShareSealSource {
    let alias: String
    let pair: QuorumKeyPair
    let manifest: CheckedManifest

    /// Takes the member's share out of what a genesis gave, which must be that of the manifest's quorum key.
    func open(from genesis: [UInt8]) throws(CommandFailure) -> SecretBytes {
        try open(from: GenesisRecord(reading: genesis))
    }

    /// The same from what was read already.
    func open(from record: GenesisRecord) throws(CommandFailure) -> SecretBytes {
        guard record.quorumKey == manifest.quorumKey else {
            throw .failed("The genesis is of another quorum key than the manifest.")
        }
        return try record.share(ofAlias: alias, key: pair.publicKey).open(with: pair)
    }

    /// Reads a share from a file, plain in any form or still sealed to the member.
    ///
    /// - Parameter answer: what may know the share's hash.
    func read(
        _ name: String,
        expecting answer: CeremonyAnswer?,
        in session: CommandSession
    ) throws(CommandFailure) -> SecretBytes {
        let contents = try MemberFiles.readSecret(name, "share", warning: false, in: session)
        let envelope = contents.withBytes { contents in
            contents.count == SealedShare.byteCount && Envelope.looksLikeEnvelope(contents)
                ? contents.indices.map { contents[$0] } : nil
        }
        let share: SecretBytes
        if let envelope {
            share = try SealedShare(envelope: envelope, expectation: nil).open(with: pair)
        } else {
            MemberFiles.warnIfOpenToOthers(name, "share", in: session)
            share = try Self.plain(contents)
        }
        try check(share, expecting: answer, in: session)
        return share
    }

    private static func plain(_ contents: borrowing SecretBytes) throws(CommandFailure) -> SecretBytes {
        guard let share = try contents.withBytes({ (bytes) throws(CommandFailure) in try PlainShare.read(bytes) })
        else {
            throw .failed(
                "This is no share: 33 bytes, raw, in hexadecimal or as a JSON array, or an envelope of 130 bytes.")
        }
        return share
    }

    /// Without its hash, all that can be told of a share is its number: the member's place in the share set.
    private func check(
        _ share: borrowing SecretBytes,
        expecting answer: CeremonyAnswer?,
        in session: CommandSession
    ) throws(CommandFailure) {
        let identifier = share.withBytes { Int($0[0]) }
        guard let place = manifest.shareSet.index(ofAlias: alias) else {
            throw .failed("There is no \(alias.quoted) in the share set of this manifest.")
        }
        guard identifier == place + 1 else {
            throw .failed("The share has number \(identifier), but this member's is \(place + 1).")
        }
        let member = QuorumMember(alias: alias, publicKey: pair.publicKey.bytes)
        guard let hash = answer?.shareHash(of: member) else {
            session.output.remark(
                "Warning: without the answer to the genesis (--genesis) it cannot be told whether this is a share of "
                    + "the manifest's quorum key.")
            return
        }
        guard share.withBytes({ SHA512.digest($0) }) == hash else {
            throw .failed("The share is not the one that the genesis committed to: its hash differs.")
        }
    }
}
