// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// Registers of a Nitro enclave (platform configuration registers): SHA-384 all of them.
package enum PCR {
    /// The bytes of a value.
    package static let byteCount = 48

    /// A register that was zero, after it was extended by `data` once.
    package static func extended(by data: [UInt8]) -> [UInt8] {
        SHA384.digest([UInt8](repeating: 0, count: byteCount) + data)
    }
}
