// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Foundation
package import Testing

/// Test vectors: the project's own, and published ones, read from the folder that `RENCLAVE_VECTORS` names, which are
/// no part of the project.
///
/// A suite that needs published ones declares it:
///
///     .enabled(if: Vectors.areAvailable, Vectors.need)
package enum Vectors {
    /// The variable that names the folder.
    package static let variable = "RENCLAVE_VECTORS"

    /// What the report of a skipped suite says.
    package static let need: Comment = "set RENCLAVE_VECTORS to the folder of published vectors"

    /// Whether a folder is named. One that is named and lacks a file fails the test that reads it.
    package static var areAvailable: Bool { folder != nil }

    /// A file of the folder, such as `bip39/trezor_vectors.json`.
    ///
    /// - Throws: ``Missing`` where no folder is named.
    package static func url(_ path: String) throws -> URL {
        guard let folder else { throw Missing() }
        return folder.appending(path: path)
    }

    /// A file of JSON as a value.
    ///
    /// - Throws: what reading and decoding throw, or ``Missing``.
    package static func decode<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: try url(path)))
    }

    /// A file of the project's own vectors, in `Tests/Vectors`, as a value.
    package static func decodeOwn<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: ownFolder.appending(path: path)))
    }

    /// `Tests/Vectors`, beside the folder of the kits.
    private static var ownFolder: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors", directoryHint: .isDirectory)
    }

    /// No folder of vectors is named.
    package struct Missing: Error {
        package init() {}
    }

    private static var folder: URL? {
        guard let path = ProcessInfo.processInfo.environment[variable], !path.isEmpty else { return nil }
        return URL(filePath: path, directoryHint: .isDirectory)
    }
}
