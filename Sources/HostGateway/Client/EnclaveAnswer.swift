// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

/// An answer of the enclave: the message, and the bytes of its secret fields as they came.
struct EnclaveAnswer: Sendable {
    let reply: Reply
    private let secrets: ByteBuffer

    init(reply: Reply, secrets: ByteBuffer) {
        self.reply = reply
        self.secrets = secrets
    }

    /// The bytes of a secret field of ``reply``.
    func bytes(of field: SecretField) -> ByteBuffer {
        secrets.getSlice(at: secrets.readerIndex + field.offset, length: field.count) ?? ByteBuffer()
    }
}

extension EnclaveAnswer: CustomStringConvertible, CustomReflectable {
    var description: String { "EnclaveAnswer" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
