// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// How a command ended, as the shell sees it.
package enum CommandStatus: Int32, Sendable {
    /// Done, and where a question was asked, answered with a yes.
    case done = 0
    /// Refused by the gateway, failed on the way, or answered with a no.
    case failed = 1
    /// Used wrongly: nothing was asked of the gateway.
    case misuse = 2
}
