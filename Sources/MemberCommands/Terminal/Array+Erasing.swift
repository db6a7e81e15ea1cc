// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

extension [UInt8] {
    /// Overwrites the bytes with zeros, which the compiler does not leave out although nobody reads them.
    ///
    /// Other owners of the same bytes keep theirs.
    mutating func erase() {
        // The array's own memory, for the length of the call.
        unsafe withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe explicit_bzero(start, bytes.count)
        }
    }

    /// Appends bytes; where that moves the array, nothing is left at its old place.
    mutating func appendErasing(_ more: borrowing Span<UInt8>) {
        if count + more.count > capacity {
            var larger: [UInt8] = []
            larger.reserveCapacity(Swift.max(2 * capacity, count + more.count))
            larger.append(contentsOf: self)
            erase()
            self = larger
        }
        for index in more.indices { append(more[index]) }
    }
}
