// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation

/// A directory of a test's own, which goes with it.
final class TrialFolder: Sendable {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "renclave-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    var path: String { url.path(percentEncoded: false) }

    /// The path of a file, whether it is there or not.
    func path(of name: String) -> String {
        url.appending(path: name).path(percentEncoded: false)
    }

    /// Writes a file that only its owner may read.
    ///
    /// - Returns: its path.
    @discardableResult
    func write(_ contents: some Sequence<UInt8>, _ name: String) throws -> String {
        let target = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(contents).write(to: target)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(of: name))
        return path(of: name)
    }

    @discardableResult
    func write(_ text: String, _ name: String) throws -> String {
        try write(text.utf8, name)
    }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: url.appending(path: name)))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(of: name))
    }

    /// Lets everybody read a file.
    func openToOthers(_ name: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path(of: name))
    }

    func permissions(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path(of: name))
        return (attributes[.posixPermissions] as? Int) ?? -1
    }
}
