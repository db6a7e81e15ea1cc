// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Reads `Codable` values from the form that ``BinaryEncoder`` writes.
///
/// Total and bounded: every length is compared with the bytes that are left before anything is allocated, and
/// ``finish()`` refuses what is left over. It works on the plain part of a frame only; of a ``SecretField`` it learns
/// the place, never the bytes.
package final class BinaryDecoder {
    private let bytes: [UInt8]
    private var position = 0
    private let secretCount: Int
    private var secretPosition = 0

    /// - Parameters:
    ///   - bytes: a frame's plain part.
    ///   - secretCount: the length of its secret part.
    package init(_ bytes: [UInt8], secretCount: Int) {
        self.bytes = bytes
        self.secretCount = secretCount
    }

    /// Reads one value.
    ///
    /// - Throws: ``FrameError/malformed`` where the bytes are not one.
    package func decode<T: Decodable>(_ type: T.Type) throws(FrameError) -> T {
        do {
            return try read(type)
        } catch {
            throw .malformed
        }
    }

    /// Ends the message.
    ///
    /// - Throws: ``FrameError/malformed`` where bytes are left over, plain or secret.
    package func finish() throws(FrameError) {
        guard position == bytes.count, secretPosition == secretCount else { throw .malformed }
    }

    /// Reads a little-endian integer.
    package func readInteger<T: FixedWidthInteger>(_ type: T.Type) throws(FrameError) -> T {
        let width = T.bitWidth / 8
        guard bytes.count - position >= width else { throw .malformed }
        var value: T = 0
        for index in 0..<width {
            value |= T(truncatingIfNeeded: bytes[position + index]) << T(truncatingIfNeeded: 8 * index)
        }
        position += width
        return value
    }

    fileprivate func readBool() throws(FrameError) -> Bool {
        switch try readInteger(UInt8.self) {
        case 0: false
        case 1: true
        default: throw .malformed
        }
    }

    fileprivate func readBytes() throws(FrameError) -> ArraySlice<UInt8> {
        let count = Int(try readInteger(UInt32.self))
        guard bytes.count - position >= count else { throw .malformed }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    fileprivate func readString() throws(FrameError) -> String {
        guard let text = String(validating: try readBytes(), as: UTF8.self) else { throw .malformed }
        return text
    }

    /// A count of elements, each of which takes at least one byte.
    fileprivate func readCount() throws(FrameError) -> Int {
        let count = Int(try readInteger(UInt32.self))
        guard count <= bytes.count - position else { throw .malformed }
        return count
    }

    private func readSecretField() throws(FrameError) -> SecretField {
        let count = Int(try readInteger(UInt32.self))
        guard count <= secretCount - secretPosition else { throw .malformed }
        defer { secretPosition += count }
        return SecretField(offset: secretPosition, count: count)
    }

    fileprivate func read<T: Decodable>(_ type: T.Type) throws -> T {
        if type == SecretField.self, let field = try readSecretField() as? T { return field }
        if type == [UInt8].self, let raw = Array(try readBytes()) as? T { return raw }
        return try T(from: Form(decoder: self))
    }
}

/// The `Decoder` that takes everything from a ``BinaryDecoder``.
private struct Form: Decoder {
    let decoder: BinaryDecoder

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Fields<Key>(decoder: decoder))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try Elements(decoder: decoder)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        Single(decoder: decoder)
    }
}

/// A struct's fields, in the order of the calls.
private struct Fields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: BinaryDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) throws -> Bool { throw FrameError.malformed }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder.readBool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try decoder.readString() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { throw FrameError.malformed }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { throw FrameError.malformed }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { Int(try decoder.readInteger(Int64.self)) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try decoder.readInteger(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try decoder.readInteger(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decoder.readInteger(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoder.readInteger(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { UInt(try decoder.readInteger(UInt64.self)) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try decoder.readInteger(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try decoder.readInteger(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try decoder.readInteger(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try decoder.readInteger(type) }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try decoder.read(type) }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        try present { try decoder.readBool() }
    }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try present { try decoder.readString() }
    }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { throw FrameError.malformed }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { throw FrameError.malformed }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try present { Int(try decoder.readInteger(Int64.self)) }
    }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try integer(type) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try integer(type) }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try integer(type) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try integer(type) }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? {
        try present { UInt(try decoder.readInteger(UInt64.self)) }
    }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { try integer(type) }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { try integer(type) }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try integer(type) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try integer(type) }
    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        try present { try decoder.read(type) }
    }

    private func present<T>(_ read: () throws -> T) throws -> T? {
        try decoder.readBool() ? try read() : nil
    }

    private func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T? {
        try present { try decoder.readInteger(type) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(Fields<Nested>(decoder: decoder))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try Elements(decoder: decoder)
    }

    func superDecoder() -> any Decoder { Form(decoder: decoder) }
    func superDecoder(forKey key: Key) -> any Decoder { Form(decoder: decoder) }
}

/// An array: its count, then its elements.
private struct Elements: UnkeyedDecodingContainer {
    let decoder: BinaryDecoder
    let count: Int?
    private(set) var currentIndex = 0
    var codingPath: [any CodingKey] { [] }

    init(decoder: BinaryDecoder) throws {
        self.decoder = decoder
        count = try decoder.readCount()
    }

    var isAtEnd: Bool { currentIndex == count }

    /// Counts one element, and gives what reads it.
    private mutating func next() throws(FrameError) -> BinaryDecoder {
        guard !isAtEnd else { throw .malformed }
        currentIndex += 1
        return decoder
    }

    mutating func decodeNil() throws -> Bool { throw FrameError.malformed }
    mutating func decode(_ type: Bool.Type) throws -> Bool { try next().readBool() }
    mutating func decode(_ type: String.Type) throws -> String { try next().readString() }
    mutating func decode(_ type: Double.Type) throws -> Double { throw FrameError.malformed }
    mutating func decode(_ type: Float.Type) throws -> Float { throw FrameError.malformed }
    mutating func decode(_ type: Int.Type) throws -> Int { Int(try next().readInteger(Int64.self)) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try next().readInteger(type) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try next().readInteger(type) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try next().readInteger(type) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try next().readInteger(type) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { UInt(try next().readInteger(UInt64.self)) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next().readInteger(type) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next().readInteger(type) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next().readInteger(type) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next().readInteger(type) }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().read(type) }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(Fields<Nested>(decoder: try next()))
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try Elements(decoder: next())
    }

    mutating func superDecoder() -> any Decoder { Form(decoder: decoder) }
}

/// A raw-value type or another value that stands alone.
private struct Single: SingleValueDecodingContainer {
    let decoder: BinaryDecoder
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }
    func decode(_ type: Bool.Type) throws -> Bool { try decoder.readBool() }
    func decode(_ type: String.Type) throws -> String { try decoder.readString() }
    func decode(_ type: Double.Type) throws -> Double { throw FrameError.malformed }
    func decode(_ type: Float.Type) throws -> Float { throw FrameError.malformed }
    func decode(_ type: Int.Type) throws -> Int { Int(try decoder.readInteger(Int64.self)) }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoder.readInteger(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoder.readInteger(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoder.readInteger(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoder.readInteger(type) }
    func decode(_ type: UInt.Type) throws -> UInt { UInt(try decoder.readInteger(UInt64.self)) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.readInteger(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.readInteger(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.readInteger(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.readInteger(type) }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.read(type) }
}
