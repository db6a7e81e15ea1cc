// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Steps through an array or object that the scan has accepted, without checking any of it again.
///
/// The bytes are handed to each step rather than kept, as a span may not be stored.
struct JSONWalker {
    private var position: Int

    /// - Parameter container: where the array or object lies, brackets included.
    init(in container: Range<Int>) {
        position = container.lowerBound + 1
    }

    /// A value and where it lies; a string's quotes are inside.
    struct Value {
        let kind: JSONKind
        let range: Range<Int>
    }

    /// The next element of an array, nil at its end.
    mutating func nextElement(_ bytes: Span<UInt8>) -> Value? {
        skipSeparators(bytes)
        guard position < bytes.count, bytes[position] != UInt8(ascii: "]") else { return nil }
        return value(bytes)
    }

    /// The next field of an object, nil at its end.
    mutating func nextMember(_ bytes: Span<UInt8>) -> (key: JSONText, value: Value)? {
        skipSeparators(bytes)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
        let start = position
        skipString(bytes)
        let key = JSONText(string: start..<position)
        skipSeparators(bytes)
        return (key, value(bytes))
    }

    private mutating func value(_ bytes: Span<UInt8>) -> Value {
        let start = position
        let kind: JSONKind
        switch bytes[position] {
        case UInt8(ascii: "{"):
            kind = .object
            skipContainer(bytes)
        case UInt8(ascii: "["):
            kind = .array
            skipContainer(bytes)
        case UInt8(ascii: "\""):
            kind = .string
            skipString(bytes)
        case UInt8(ascii: "t"), UInt8(ascii: "f"):
            kind = .boolean
            skipToken(bytes)
        case UInt8(ascii: "n"):
            kind = .null
            skipToken(bytes)
        default:
            kind = .number
            skipToken(bytes)
        }
        return Value(kind: kind, range: start..<position)
    }

    // MARK: Passing over

    /// White space and the marks between values.
    private mutating func skipSeparators(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: ":"): position += 1
            default: return
            }
        }
    }

    private mutating func skipString(_ bytes: Span<UInt8>) {
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position += 1
    }

    private mutating func skipContainer(_ bytes: Span<UInt8>) {
        var depth = 0
        repeat {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                skipString(bytes)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            position += 1
        } while depth > 0 && position < bytes.count
    }

    /// A number or a word: letters, digits, signs and points.
    private mutating func skipToken(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"),
                UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                position += 1
            default: return
            }
        }
    }
}
