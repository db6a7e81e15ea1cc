// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// The secret key of a member of a trial, for whom this process acts.
struct TrialKey: Sendable {
    let alias: String
    let pair: QuorumKeyPair

    /// Reads the keys of as many share members as give the quorum key, in the order of the members.
    ///
    /// - Parameter directory: with a file `ALIAS.secret` for each; those of members who are not needed may be missing.
    static func read(
        from directory: String,
        for members: CheckedMembers,
        passphraseFile: String?,
        in session: CommandSession
    ) throws(CommandFailure) -> [TrialKey] {
        var keys: [TrialKey] = []
        for (member, publicKey) in zip(members.set.members, members.keys) where keys.count < members.threshold {
            guard let name = KeyName(member.alias)?.text else { continue }
            let path = Directory.path(of: "\(name).secret", in: directory)
            guard MemberFiles.exists(path) else { continue }
            let pair = try KeyFile.read(path, passphraseFile: passphraseFile, in: session)
            guard pair.publicKey == publicKey else {
                throw .failed("The key of \(name.quoted) in \(directory.quoted) is not that of the share set.")
            }
            keys.append(TrialKey(alias: name, pair: pair))
        }
        guard keys.count == members.threshold else {
            throw .failed(
                "There are keys of \(keys.count) share members in \(directory.quoted), and \(members.threshold) are "
                    + "needed.",
                hint: "A member's key is in ALIAS.secret."
            )
        }
        return keys
    }
}
