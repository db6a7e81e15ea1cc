// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// An errno in words, for messages to an operator.
package struct SystemError: Equatable, Sendable, CustomStringConvertible {
    let number: Int32

    package init(_ number: Int32) {
        self.number = number
    }

    package var description: String {
        guard number != 0, let text = unsafe strerror(number) else { return "unknown cause" }
        return unsafe String(cString: text)
    }
}
