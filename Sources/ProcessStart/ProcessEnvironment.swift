// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FoundationEssentials

/// The environment that the process was started with.
package enum ProcessEnvironment {
    /// All of it, by name.
    package static func variables() -> [String: String] {
        ProcessInfo.processInfo.environment
    }
}
