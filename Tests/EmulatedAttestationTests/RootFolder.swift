// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation

/// A directory of a test's own, which goes with it.
final class RootFolder: Sendable {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "renclave-root-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// The path of a file, whether it is there or not.
    func path(_ name: String = "root.pem") -> String {
        url.appending(path: name).path(percentEncoded: false)
    }

    /// Writes a file that only its owner may read, unless another mode is given.
    ///
    /// - Returns: its path.
    func write(_ text: String, _ name: String = "root.pem", mode: Int = 0o600) throws -> String {
        try Data(text.utf8).write(to: url.appending(path: name))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
        return path(name)
    }

    func text(_ name: String = "root.pem") throws -> String {
        try String(contentsOf: url.appending(path: name), encoding: .utf8)
    }

    func mode(_ name: String = "root.pem") throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
    }

    /// The names of everything that is in it.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false)).sorted()
    }
}
