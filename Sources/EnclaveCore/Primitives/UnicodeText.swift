// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CUTF8Proc

/// UTF-8 read and normalised without a `String`, because the text is a secret.
enum UnicodeText {
    /// One code point of UTF-8 text.
    struct CodePoint {
        let value: UInt32
        /// 1 to 4.
        let byteCount: Int

        /// The `White_Space` property (Unicode, PropList).
        var isWhiteSpace: Bool {
            switch value {
            case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
            default: false
            }
        }
    }

    /// The code point that begins at `offset`; `nil` where the bytes are not UTF-8.
    static func codePoint(in text: borrowing Span<UInt8>, at offset: Int) -> CodePoint? {
        if text[offset] < 0x80 { return CodePoint(value: UInt32(text[offset]), byteCount: 1) }
        return unsafe text.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return nil }
            var value: utf8proc_int32_t = 0
            let count = unsafe utf8proc_iterate(base + offset, bytes.count - offset, &value)
            guard count > 0 else { return nil }
            return CodePoint(value: UInt32(bitPattern: value), byteCount: count)
        }
    }

    /// Whether all of `text` is UTF-8.
    static func isValid(_ text: borrowing Span<UInt8>) -> Bool {
        var offset = 0
        while offset < text.count {
            guard let point = codePoint(in: text, at: offset) else { return false }
            offset += point.byteCount
        }
        return true
    }

    /// Bytes of scratch memory that normalising `count` bytes may take: no code point of n bytes decomposes into more
    /// than 6 n (U+FDFA: 3 bytes, 18 code points), each four bytes wide while it is sorted, and one NUL behind.
    static func scratchBytes(for count: Int) -> Int {
        count * 6 * 4 + 4
    }

    /// Writes the NFKD form of `text` to `scratch`.
    ///
    /// - Parameters:
    ///   - scratch: at least ``scratchBytes(for:)`` bytes behind `offset`. What lies behind the result is not zeroed.
    ///   - offset: where the result begins, a multiple of four.
    /// - Returns: the result's length in bytes; `nil` where the text is not UTF-8 or the scratch memory is too small.
    static func normalize(
        _ text: borrowing Span<UInt8>, into scratch: inout MutableSpan<UInt8>, at offset: Int = 0
    ) -> Int? {
        guard scratch.count - offset >= scratchBytes(for: text.count) else { return nil }
        guard text.count > 0 else { return 0 }
        return unsafe scratch.withUnsafeMutableBytes { scratch in
            unsafe text.withUnsafeBufferPointer { text in
                let options = utf8proc_option_t(
                    UTF8PROC_STABLE.rawValue | UTF8PROC_DECOMPOSE.rawValue | UTF8PROC_COMPAT.rawValue
                )
                // Room is known to be enough; a larger need would be reported by the length, and is refused.
                let points = unsafe UnsafeMutableRawBufferPointer(rebasing: scratch[offset...])
                    .bindMemory(to: utf8proc_int32_t.self)
                let room = points.count - 1
                let count = unsafe utf8proc_decompose(
                    text.baseAddress, text.count, points.baseAddress, room, options
                )
                guard count >= 0, count <= room else { return nil }
                let bytes = unsafe utf8proc_reencode(points.baseAddress, count, options)
                return bytes >= 0 ? bytes : nil
            }
        }
    }
}
