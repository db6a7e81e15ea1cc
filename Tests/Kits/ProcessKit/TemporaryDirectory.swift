// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Glibc

/// A new directory that only this user may enter, removed with everything in it at the end.
///
/// It lies directly in `/tmp`: the path of a Unix socket has room for 107 bytes only.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws(ProcessKitError) {
        var template = Array("/tmp/renclave-test.XXXXXX".utf8CString)
        // Unsafe: mkdtemp writes into the array, which has its terminating zero.
        let isMade = unsafe mkdtemp(&template) != nil
        guard isMade else { throw .system(call: "mkdtemp", errno: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { remove() }

    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in it.
    package func file(_ name: String) -> String {
        path + "/" + name
    }

    /// Writes a file in it, and gives its path.
    package func write(_ text: String, to name: String) throws(ProcessKitError) -> String {
        guard FileManager.default.createFile(atPath: file(name), contents: Data(text.utf8)) else {
            throw .system(call: "open", errno: errno)
        }
        return file(name)
    }
}
