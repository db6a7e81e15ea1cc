// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Directories, by their paths.
enum Directory {
    /// The path of a file in a directory.
    static func path(of name: String, in directory: String) -> String {
        directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
    }

    /// Makes a directory and those above it, where they are missing, for their owner only.
    static func make(_ path: String) throws(CommandFailure) {
        for part in wayTo(path) where !MemberFiles.isDirectory(part) { _ = try MemberFiles.makeDirectory(part) }
    }

    /// The directories above one, from the top, and itself.
    static func wayTo(_ path: String) -> [String] {
        var way: [String] = []
        for part in path.split(separator: "/") {
            let above = way.last ?? (path.hasPrefix("/") ? "/" : "")
            way.append(above.isEmpty ? String(part) : Self.path(of: String(part), in: above))
        }
        return way
    }
}
