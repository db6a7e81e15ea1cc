// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// One pass over a policy file. It knows which values stand where, so nothing is read that is not asked for.
struct PolicyFileReader {
    private let bytes: [UInt8]

    /// Offset of the next byte to read.
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func policy() throws(AttestationError) -> AttestationPolicy {
        var policy = AttestationPolicy()
        try object { reader, name throws(AttestationError) in
            switch name {
            case "measurements": policy.measurements = try reader.measurements()
            case "max_age_seconds": policy.maximumAge = try reader.milliseconds()
            case "roots": policy.roots = try reader.roots()
            default: throw .badPolicy
            }
        }
        skipWhiteSpace()
        guard position == bytes.count else { throw .badPolicy }
        return policy
    }
}

// MARK: Members

extension PolicyFileReader {
    private mutating func measurements() throws(AttestationError) -> [AttestationPolicy.Measurements] {
        var sets: [AttestationPolicy.Measurements] = []
        try array { reader throws(AttestationError) in
            sets.append(try reader.measurementSet())
        }
        return sets
    }

    private mutating func measurementSet() throws(AttestationError) -> AttestationPolicy.Measurements {
        var values: [String: [UInt8]] = [:]
        try object { reader, name throws(AttestationError) in
            guard ["pcr0", "pcr1", "pcr2", "pcr3"].contains(name) else { throw .badPolicy }
            values[name] = try reader.hexadecimal(byteCount: 48)
        }
        guard let pcr0 = values["pcr0"], let pcr1 = values["pcr1"], let pcr2 = values["pcr2"] else {
            throw .badPolicy
        }
        return AttestationPolicy.Measurements(pcr0: pcr0, pcr1: pcr1, pcr2: pcr2, pcr3: values["pcr3"])
    }

    private mutating func roots() throws(AttestationError) -> [RootFingerprint] {
        var roots: [RootFingerprint] = []
        try array { reader throws(AttestationError) in
            let bytes = try reader.hexadecimal(byteCount: RootFingerprint.byteCount)
            guard let root = RootFingerprint(bytes: bytes) else { throw .badPolicy }
            roots.append(root)
        }
        return roots
    }

    /// Reads a number of seconds.
    private mutating func milliseconds() throws(AttestationError) -> UInt64 {
        let (milliseconds, isTooLarge) = try integer().multipliedReportingOverflow(by: 1000)
        guard !isTooLarge else { throw .badPolicy }
        return milliseconds
    }

    private mutating func hexadecimal(byteCount: Int) throws(AttestationError) -> [UInt8] {
        let digits = try string()
        guard let value = Hexadecimal.decode(digits.utf8), value.count == byteCount else { throw .badPolicy }
        return value
    }
}

// MARK: JSON

extension PolicyFileReader {
    /// Reads an object; `member` reads the value of each member, whose name occurs once.
    private mutating func object(
        _ member: (inout Self, String) throws(AttestationError) -> Void
    ) throws(AttestationError) {
        try expect("{")
        guard !takes("}") else { return }
        var names: Set<String> = []
        repeat {
            let name = try string()
            guard names.insert(name).inserted else { throw .badPolicy }
            try expect(":")
            try member(&self, name)
        } while takes(",")
        try expect("}")
    }

    /// Reads an array that is not empty: a list of nothing would either accept all or none, and who wrote it may have
    /// meant the other.
    private mutating func array(_ element: (inout Self) throws(AttestationError) -> Void) throws(AttestationError) {
        try expect("[")
        repeat {
            try element(&self)
        } while takes(",")
        try expect("]")
    }

    /// Reads a string of ASCII without escapes: names and digits need no other.
    private mutating func string() throws(AttestationError) -> String {
        try expect("\"")
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            guard 0x20..<0x7F ~= bytes[position], bytes[position] != UInt8(ascii: "\\") else { throw .badPolicy }
            position += 1
        }
        guard position < bytes.count else { throw .badPolicy }
        defer { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Reads a number without sign, fraction and exponent; whatever reads on refuses those.
    private mutating func integer() throws(AttestationError) -> UInt64 {
        skipWhiteSpace()
        let digits = bytes[position...].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard let value = UInt64(String(decoding: digits, as: UTF8.self)),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { throw .badPolicy }
        position += digits.count
        return value
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(AttestationError) {
        guard takes(character) else { throw .badPolicy }
    }

    /// Reads a character where it comes next, after white space.
    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        skipWhiteSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }
}
