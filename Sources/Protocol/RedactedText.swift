// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Plain secret bytes on their way through the gateway: a passphrase or a phrase that a client sent.
///
/// It prints as redacted, is not `Codable`, and its bytes are read in one place, where the frame is written.
package struct RedactedText: Sendable, CustomStringConvertible, CustomReflectable {
    /// UTF-8 bytes, as the client sent them.
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Length in bytes.
    package var count: Int { bytes.count }

    package var description: String { "redacted" }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
