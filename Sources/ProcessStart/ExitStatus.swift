// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// How the processes end, for scripts and service managers; `docs/deployment.md` lists the codes.
package enum ExitStatus: Int32, Sendable {
    case success = 0
    /// A flag or a setting is wrong.
    case misuse = 2
    /// The address of the gateway is in use or cannot be had.
    case addressUnavailable = 69
    /// The self-test failed, or something that should not happen did.
    case internalFailure = 70
    /// A protection that must be in force is not.
    case protectionMissing = 71
    /// Something stands where the socket should be.
    case socketBlocked = 73
    /// Another enclave is alive on the socket.
    case alreadyServed = 75
    /// The operating system or the owner of a file does not permit it.
    case notPermitted = 77
}
