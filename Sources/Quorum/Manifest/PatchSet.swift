// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The patch set of a manifest of version 0 or 1: hashed with it, and used for nothing.
package struct PatchSet: Equatable, Sendable {
    package var threshold: UInt32
    /// The public keys of the members, who have no alias here.
    package var members: [[UInt8]]

    package init(threshold: UInt32, members: [[UInt8]]) {
        self.threshold = threshold
        self.members = members
    }
}
