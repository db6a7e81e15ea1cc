// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Members of whom a number is needed: the manifest set, the share set and the set of a genesis.
///
/// The members stand as they were read, since a manifest's hash depends on it.
package struct MemberSet: Equatable, Sendable {
    /// How many members are needed. Not compared with their number when it is read.
    package var threshold: UInt32
    package var members: [QuorumMember]

    package init(threshold: UInt32, members: [QuorumMember]) {
        self.threshold = threshold
        self.members = members
    }
}
