// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What went wrong around a test rather than in what it tests.
package enum ProcessKitError: Error, CustomStringConvertible {
    /// A system call failed (errno).
    case system(call: StaticString, errno: Int32)
    /// An executable could not be started (errno).
    case notStarted(path: String, errno: Int32)
    /// A condition did not come true in time; `found` is what was there instead.
    case unmet(condition: String, found: String)
    /// The peer sent what is no answer of the protocol.
    case unreadable(String)

    package var description: String {
        switch self {
        case .system(let call, let errno): "\(call) failed with errno \(errno)"
        case .notStarted(let path, let errno):
            "\(path) could not be started (errno \(errno)): is it built, and is RENCLAVE_BIN_DIR right?"
        case .unmet(let condition, let found): "not within the time allowed: \(condition). \(found)"
        case .unreadable(let text): "unreadable: \(text)"
        }
    }
}
