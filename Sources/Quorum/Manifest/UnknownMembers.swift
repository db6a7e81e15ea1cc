// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What becomes of members that a JSON object has and its schema has not.
enum UnknownMembers {
    /// Version 0 and 1: they count for nothing, neither for the hash.
    case ignored
    /// Version 2: whoever signs a manifest must have seen all that stands in it.
    case refused

    /// - Throws: ``QuorumError/malformedManifest`` where `value` is no object, or has a member that is refused.
    func check(_ value: JSONValue, knowing names: [String]) throws(QuorumError) {
        let members = try value.members()
        guard self == .refused else { return }
        for member in members where !names.contains(where: member.isNamed) {
            throw .malformedManifest
        }
    }
}
