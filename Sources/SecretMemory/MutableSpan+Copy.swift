// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension MutableSpan<UInt8> {
    /// Copies all of `source` to `offset`; the two must not overlap, and the copy must fit.
    package mutating func copy(_ source: borrowing Span<UInt8>, at offset: Int) {
        precondition(offset >= 0 && source.count <= count - offset, "a copy that does not fit")
        guard source.count > 0 else { return }
        // The line above keeps both ends inside.
        unsafe withUnsafeMutableBytes { target in
            unsafe source.withUnsafeBytes { bytes in
                guard let from = bytes.baseAddress, let to = target.baseAddress else { return }
                unsafe (to + offset).copyMemory(from: from, byteCount: bytes.count)
            }
        }
    }
}
