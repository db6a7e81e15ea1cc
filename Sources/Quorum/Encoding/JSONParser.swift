// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension JSONValue {
    /// Reads a JSON document (RFC 8259), strictly.
    ///
    /// The bytes are UTF-8 without a byte order mark, nested at most ``JSONParser/maximumDepth`` levels deep. No object
    /// names a member twice, however the name is escaped; no escape is half a surrogate pair; every number is an
    /// integer that ``JSONInteger`` holds; nothing but white space follows the value. Takes time and memory in
    /// proportion to the bytes.
    ///
    /// - Throws: `malformedJSON`.
    package init(parsing bytes: [UInt8]) throws(QuorumError) {
        var parser = JSONParser(bytes)
        self = try parser.document()
    }
}

/// One pass over a JSON document.
struct JSONParser {
    /// Arrays and objects inside one another, the outermost being the first.
    static let maximumDepth = 32

    let bytes: [UInt8]

    /// Offset of the next byte to read.
    var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(QuorumError) -> JSONValue {
        let document = try value(depth: 1)
        skipWhiteSpace()
        guard position == bytes.count else { throw .malformedJSON }
        return document
    }
}

// MARK: Values

extension JSONParser {
    /// Reads a value, and white space before it; it is at `depth` if it is an array or object.
    private mutating func value(depth: Int) throws(QuorumError) -> JSONValue {
        skipWhiteSpace()
        switch next {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .integer(try integer())
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(QuorumError) -> JSONValue {
        for byte in word.description.utf8 { try expect(byte) }
        return value
    }

    private mutating func array(depth: Int) throws(QuorumError) -> [JSONValue] {
        guard try begin("]", depth: depth) else { return [] }
        var elements: [JSONValue] = []
        repeat {
            elements.append(try value(depth: depth + 1))
        } while try goesOn(until: "]")
        return elements
    }

    private mutating func object(depth: Int) throws(QuorumError) -> [JSONMember] {
        guard try begin("}", depth: depth) else { return [] }
        var members: [JSONMember] = []
        repeat {
            skipWhiteSpace()
            guard next == UInt8(ascii: "\"") else { throw .malformedJSON }
            let name = try string()
            skipWhiteSpace()
            try expect(UInt8(ascii: ":"))
            members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
        } while try goesOn(until: "}")
        guard JSONMemberName.areDistinct(in: members) else { throw .malformedJSON }
        return members
    }

    /// Reads an opening bracket, and the closing one where it follows at once: then this is false.
    private mutating func begin(_ end: Unicode.Scalar, depth: Int) throws(QuorumError) -> Bool {
        guard depth <= Self.maximumDepth else { throw .malformedJSON }
        position += 1
        skipWhiteSpace()
        return !take(UInt8(ascii: end))
    }

    /// Reads what is between two elements, true, or after the last, false.
    private mutating func goesOn(until end: Unicode.Scalar) throws(QuorumError) -> Bool {
        skipWhiteSpace()
        if take(UInt8(ascii: ",")) { return true }
        try expect(UInt8(ascii: end))
        return false
    }

    /// Reads a number by the grammar of section 6, up to a fraction or exponent. Neither can follow a value, nor can
    /// a digit after a leading zero: whatever reads on refuses them.
    private mutating func integer() throws(QuorumError) -> JSONInteger {
        let isNegative = take(UInt8(ascii: "-"))
        let magnitude = take(UInt8(ascii: "0")) ? 0 : try digits()
        guard let integer = JSONInteger(isNegative: isNegative, magnitude: magnitude) else { throw .malformedJSON }
        return integer
    }

    private mutating func digits() throws(QuorumError) -> UInt64 {
        let start = position
        var value = DecimalAccumulator()
        while let byte = next, value.append(byte) { position += 1 }
        guard position > start, let value = value.value else { throw .malformedJSON }
        return value
    }
}

// MARK: Single bytes

extension JSONParser {
    /// The next byte; nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(QuorumError) {
        guard take(byte) else { throw .malformedJSON }
    }

    private mutating func skipWhiteSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }
}
