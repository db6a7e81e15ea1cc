// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What can be wrong with a frame or with the message in it.
package enum FrameError: Error, Equatable, Sendable {
    /// The announced length is over the limit; nothing was buffered.
    case tooLarge
    /// The bytes are not a message of this protocol.
    case malformed
}
