// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The fields of a document's payload as they are read, with the limits that AWS sets.
///
/// AWS lists nine fields and allows no other. Its text also says that none is `null`; yet that is how its modules write
/// an optional one that is not set, so both that and its absence are read as none.
struct DocumentFields {
    private(set) var moduleID: String?
    private(set) var digest: String?
    private(set) var timestamp: UInt64?
    private(set) var registers: [Int: [UInt8]]?
    private(set) var certificate: [UInt8]?
    private(set) var certificateBundle: [[UInt8]]?
    private(set) var publicKey: [UInt8]?
    private(set) var userData: [UInt8]?
    private(set) var nonce: [UInt8]?

    /// Reads a payload, whose fields may come in any order.
    ///
    /// - Throws: `malformed`, with what of it is.
    init(_ payload: [UInt8]) throws(AttestationError) {
        var reader = CBORReader(payload)
        // Modules of recent years write a map of indefinite length.
        guard var entries = try? reader.map(mayBeIndefinite: true) else { throw .malformed(.payload) }
        var seen: Set<Field> = []
        while let field = try Self.nextField(of: &entries, &reader) {
            guard seen.insert(field).inserted else { throw .malformed(.payload) }
            do throws(CBORError) {
                try read(field, from: &reader)
            } catch {
                throw .malformed(field.part)
            }
        }
        guard reader.remaining == 0 else { throw .malformed(.payload) }
    }

    /// The value of a field that must be there.
    ///
    /// - Throws: `malformed` where it is not.
    static func required<Value>(
        _ value: Value?, _ part: AttestationError.Part
    ) throws(AttestationError) -> Value {
        guard let value else { throw .malformed(part) }
        return value
    }
}

// MARK: Reading

extension DocumentFields {
    /// The name of the next field; `nil` after the last.
    private static func nextField(
        of entries: inout CBORReader.Items, _ reader: inout CBORReader
    ) throws(AttestationError) -> Field? {
        guard let isThere = try? reader.next(of: &entries) else { throw .malformed(.payload) }
        guard isThere else { return nil }
        guard let name = try? reader.text() else { throw .malformed(.payload) }
        guard let field = Field(named: name) else { throw .malformed(.unknownField) }
        return field
    }

    private mutating func read(_ field: Field, from reader: inout CBORReader) throws(CBORError) {
        switch field {
        case .moduleID: moduleID = try reader.text(1...Int.max)
        case .digest: digest = try Self.digest(&reader)
        case .timestamp: timestamp = try Self.timestamp(&reader)
        case .registers: registers = try Self.registers(&reader)
        case .certificate: certificate = try reader.bytes(Self.certificateByteCounts)
        case .certificateBundle: certificateBundle = try Self.bundle(&reader)
        case .publicKey: publicKey = try Self.optional(1...1024, &reader)
        case .userData: userData = try Self.optional(0...512, &reader)
        case .nonce: nonce = try Self.optional(0...512, &reader)
        }
    }

    private static func digest(_ reader: inout CBORReader) throws(CBORError) -> String {
        let name = try reader.text()
        guard name.utf8.elementsEqual("SHA384".utf8) else { throw .malformed }
        return name
    }

    private static func timestamp(_ reader: inout CBORReader) throws(CBORError) -> UInt64 {
        let milliseconds = try reader.unsigned()
        guard milliseconds > 0 else { throw .malformed }
        return milliseconds
    }

    private static func registers(_ reader: inout CBORReader) throws(CBORError) -> [Int: [UInt8]] {
        var entries = try reader.map(1...32)
        var registers: [Int: [UInt8]] = [:]
        while try reader.next(of: &entries) {
            guard let index = Int(exactly: try reader.unsigned()), index < 32 else { throw .malformed }
            let value = try reader.bytes()
            guard [32, 48, 64].contains(value.count), registers.updateValue(value, forKey: index) == nil else {
                throw .malformed
            }
        }
        return registers
    }

    private static func bundle(_ reader: inout CBORReader) throws(CBORError) -> [[UInt8]] {
        // AWS sets no upper limit; its bundles have four.
        var elements = try reader.array(1...8)
        var certificates: [[UInt8]] = []
        while try reader.next(of: &elements) {
            certificates.append(try reader.bytes(certificateByteCounts))
        }
        return certificates
    }

    private static func optional(
        _ counts: ClosedRange<Int>, _ reader: inout CBORReader
    ) throws(CBORError) -> [UInt8]? {
        reader.takeNull() ? nil : try reader.bytes(counts)
    }

    private static let certificateByteCounts = 1...1024
}

// MARK: Names

extension DocumentFields {
    /// A field, by its name in the payload.
    private enum Field: String, CaseIterable {
        case moduleID = "module_id"
        case digest
        case timestamp
        case registers = "pcrs"
        case certificate
        case certificateBundle = "cabundle"
        case publicKey = "public_key"
        case userData = "user_data"
        case nonce

        /// Byte for byte: `init(rawValue:)` would take other spellings of equivalent text.
        init?(named name: String) {
            guard let field = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) }) else {
                return nil
            }
            self = field
        }

        var part: AttestationError.Part {
            switch self {
            case .moduleID: .moduleID
            case .digest: .digest
            case .timestamp: .timestamp
            case .registers: .registers
            case .certificate: .certificate
            case .certificateBundle: .certificateBundle
            case .publicKey: .publicKey
            case .userData: .userData
            case .nonce: .nonce
            }
        }
    }
}
