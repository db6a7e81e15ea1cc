// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// The last words of a process that does not start; everything later goes through the log.
package enum StandardError {
    /// Writes a text as it is.
    package static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            // What cannot be written cannot be reported either.
            unsafe _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
