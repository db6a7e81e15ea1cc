// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The three layouts of a manifest, of which each has its own hash.
package enum ManifestVersion: Equatable, Sendable {
    /// Without bridges and debug mode.
    case v0
    case v1
    /// JSON only, and the only one that says its version.
    case v2

    /// How the JSON of this version is read.
    var unknownMembers: UnknownMembers { self == .v2 ? .refused : .ignored }
}
