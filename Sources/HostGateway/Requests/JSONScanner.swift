// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The one pass over a JSON document that settles its grammar, encoding, depth and duplicate keys.
///
/// The bytes are handed to each step rather than kept, as a span may not be stored. Recursion is bounded by
/// ``maximumDepth``; memory by the document: besides the members it keeps only hashes of the keys of large objects.
struct JSONScanner {
    /// Arrays and objects inside one another, the top-level object being the first.
    static let maximumDepth = 32

    /// Offset of the next byte to read.
    var position = 0

    private let fields: [String]
    private let passesOver: Bool
    private var members: [JSONMember] = []
    private var path = JSONPath()
    private var duplicate: RequestError?
    private var unknown: RequestError?

    /// - Parameters:
    ///   - fields: what the top-level object may have.
    ///   - passesOver: whether it may have others, of which nothing is kept.
    init(fields: [String], passesOver: Bool) {
        self.fields = fields
        self.passesOver = passesOver
        members.reserveCapacity(min(fields.count, 8))
    }

    /// Reads a whole document and gives the fields of its top-level object, in the order sent.
    mutating func document(_ bytes: Span<UInt8>) throws(RequestError) -> [JSONMember] {
        skipWhiteSpace(bytes)
        let kind = try value(bytes, depth: 1, step: nil)
        skipWhiteSpace(bytes)
        guard position == bytes.count else { throw unexpected(bytes) }
        guard kind == .object else {
            throw RequestError(.wrongType, message: "The body must be a JSON object.")
        }
        if let error = duplicate ?? unknown { throw error }
        return members
    }
}

// MARK: Values

extension JSONScanner {
    /// Reads one value that is at `depth` if it is an array or object; `step` leads to it from the value around it.
    private mutating func value(
        _ bytes: Span<UInt8>, depth: Int, step: JSONPath.Step?
    ) throws(RequestError) -> JSONKind {
        guard position < bytes.count else { throw unexpected(bytes) }
        switch bytes[position] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return try container(bytes, depth: depth, step: step)
        case UInt8(ascii: "\""):
            _ = try text(bytes)
            return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try number(bytes)
            return .number
        case UInt8(ascii: "t"):
            try literal("true", bytes)
            return .boolean
        case UInt8(ascii: "f"):
            try literal("false", bytes)
            return .boolean
        case UInt8(ascii: "n"):
            try literal("null", bytes)
            return .null
        default:
            throw unexpected(bytes)
        }
    }

    private mutating func container(
        _ bytes: Span<UInt8>, depth: Int, step: JSONPath.Step?
    ) throws(RequestError) -> JSONKind {
        guard depth <= Self.maximumDepth else {
            throw RequestError(
                .invalidJSON, message: "The body is nested more than \(Self.maximumDepth) levels deep.")
        }
        if let step { path.steps.append(step) }
        let isObject = bytes[position] == UInt8(ascii: "{")
        position += 1
        if isObject {
            try object(bytes, depth: depth)
        } else {
            try array(bytes, depth: depth)
        }
        if step != nil { path.steps.removeLast() }
        return isObject ? .object : .array
    }

    private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(RequestError) {
        skipWhiteSpace(bytes)
        if take("]", bytes) { return }
        var index = 0
        while true {
            skipWhiteSpace(bytes)
            _ = try value(bytes, depth: depth + 1, step: .element(index))
            index += 1
            skipWhiteSpace(bytes)
            if take(",", bytes) { continue }
            try expect("]", bytes)
            return
        }
    }

    private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(RequestError) {
        skipWhiteSpace(bytes)
        if take("}", bytes) { return }
        var keys = JSONKeySet()
        while true {
            skipWhiteSpace(bytes)
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw unexpected(bytes) }
            let key = try text(bytes)
            if !keys.insert(key, in: bytes) { noteDuplicate(key, bytes) }
            skipWhiteSpace(bytes)
            try expect(":", bytes)
            skipWhiteSpace(bytes)
            let start = position
            let kind = try value(bytes, depth: depth + 1, step: .member(key))
            if depth == 1 { noteMember(key, kind, start..<position, bytes) }
            skipWhiteSpace(bytes)
            if take(",", bytes) { continue }
            try expect("}", bytes)
            if let key = keys.repeatedKey(in: bytes) { noteDuplicate(key, bytes) }
            return
        }
    }
}

// MARK: What was found

extension JSONScanner {
    private mutating func noteMember(_ key: JSONText, _ kind: JSONKind, _ value: Range<Int>, _ bytes: Span<UInt8>) {
        guard duplicate == nil, unknown == nil else { return }
        guard let field = key.first(of: fields, in: bytes) else {
            guard !passesOver else { return }
            unknown = .unknownField(key.shown(in: bytes), in: "", among: fields)
            return
        }
        // Of a key that occurs twice among many, of which the scan does not know yet, the first is kept.
        guard !members.contains(where: { $0.name == field }) else { return }
        members.append(JSONMember(name: field, kind: kind, value: value))
    }

    private mutating func noteDuplicate(_ key: JSONText, _ bytes: Span<UInt8>) {
        guard duplicate == nil else { return }
        let name = path.shown(endingWith: key, in: bytes)
        let subject = name.map { "The field \"\($0)\"" } ?? "A field"
        duplicate = RequestError(.duplicateKey, field: name, message: "\(subject) occurs more than once.")
    }
}

// MARK: Single bytes

extension JSONScanner {
    private mutating func skipWhiteSpace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ character: Unicode.Scalar, _ bytes: Span<UInt8>) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar, _ bytes: Span<UInt8>) throws(RequestError) {
        guard take(character, bytes) else { throw unexpected(bytes) }
    }

    private mutating func literal(_ word: String, _ bytes: Span<UInt8>) throws(RequestError) {
        for byte in word.utf8 {
            guard position < bytes.count, bytes[position] == byte else { throw unexpected(bytes) }
            position += 1
        }
    }

    /// The error for a document that ends at the current position, or has a byte there that it may not have.
    func unexpected(_ bytes: Span<UInt8>) -> RequestError {
        let isByte = position < bytes.count
        let fault = isByte ? "the byte at offset \(position) is not expected there" : "it ends too early"
        return RequestError(.invalidJSON, message: "The body is not valid JSON: \(fault).")
    }
}
