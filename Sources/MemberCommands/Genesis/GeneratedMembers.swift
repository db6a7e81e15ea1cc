// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// The members of a trial quorum, made all at once by one person: with their secret keys.
struct GeneratedMembers {
    struct Member {
        let alias: String
        let pair: QuorumKeyPair
        /// Where the secret key is to be written.
        let path: String
    }

    let all: [Member]

    /// Makes the keys.
    ///
    /// - Parameter directory: where the secret keys are to be written.
    init(count: Int, prefix: String, directory: String) throws(CommandFailure) {
        let entropy = EntropySource()
        var members: [Member] = []
        for (alias, path) in Self.places(count: count, prefix: prefix, directory: directory) {
            let pair = try CommandFailure.making("secret keys") { () throws(QuorumError) in
                try QuorumKeyPair.generate(from: entropy)
            }
            members.append(Member(alias: alias, pair: pair, path: path))
        }
        all = members
    }

    /// Each member's alias and the path of the secret key.
    static func places(count: Int, prefix: String, directory: String) -> [(alias: String, path: String)] {
        (1...count).map { ("\(prefix)\($0)", "\(directory)/\(prefix)\($0).secret") }
    }

    /// As both sets of a genesis have them.
    func set(threshold: Int) -> MemberSet {
        MemberSet(
            threshold: UInt32(clamping: threshold),
            members: all.map { QuorumMember(alias: $0.alias, publicKey: $0.pair.publicKey.bytes) }
        )
    }
}
