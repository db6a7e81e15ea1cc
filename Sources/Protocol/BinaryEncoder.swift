// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Writes `Codable` values in the compact form that crosses the socket.
///
/// The form is Borsh's: integers little-endian at their width, `Bool` one byte, a string or byte array its `u32`
/// length and the bytes, an array its `u32` count and the elements, an optional one byte 0 or 1 before the value, a
/// struct its fields in the order in which they are encoded, without names. A ``SecretField`` is its `u32` length.
package final class BinaryEncoder {
    /// What has been written.
    package private(set) var bytes: [UInt8] = []

    /// Bytes that the secret fields written so far announce.
    package private(set) var secretCount = 0

    package init() {
        bytes.reserveCapacity(128)
    }

    /// Writes one value.
    ///
    /// - Throws: ``FrameError/malformed`` for types that the form has no place for (floating point, dictionaries).
    package func encode(_ value: some Encodable) throws(FrameError) {
        do {
            try write(value)
        } catch {
            throw .malformed
        }
    }

    /// Writes an integer, little-endian.
    package func append(_ value: some FixedWidthInteger) {
        var rest = value.littleEndian
        for _ in 0..<(value.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest = rest >> 8
        }
    }

    func append(_ text: String) {
        append(UInt32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    func append(presence: Bool) {
        bytes.append(presence ? 1 : 0)
    }

    func write<T: Encodable>(_ value: T) throws {
        // The types are compared first: a dynamic cast alone costs more than writing most values.
        if T.self == SecretField.self, let field = value as? SecretField {
            append(UInt32(field.count))
            secretCount += field.count
        } else if T.self == [UInt8].self, let raw = value as? [UInt8] {
            append(UInt32(raw.count))
            bytes.append(contentsOf: raw)
        } else {
            try value.encode(to: Form(encoder: self))
        }
    }

    func openArray(count: Int) {
        append(UInt32(count))
    }

    func patchCount(at position: Int, _ count: UInt32) {
        for index in 0..<4 {
            bytes[position + index] = UInt8(truncatingIfNeeded: count >> (8 * UInt32(index)))
        }
    }
}

/// The `Encoder` that hands everything to a ``BinaryEncoder``.
private struct Form: Encoder {
    let encoder: BinaryEncoder

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(Fields<Key>(encoder: encoder))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        Elements(encoder: encoder)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        Single(encoder: encoder)
    }
}

private func unsupported(_ value: Any) -> EncodingError {
    .invalidValue(value, .init(codingPath: [], debugDescription: "no binary form"))
}

/// A struct's fields, in the order of the calls.
private struct Fields<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: BinaryEncoder
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) throws { throw unsupported(key) }
    func encode(_ value: Bool, forKey key: Key) { encoder.append(presence: value) }
    func encode(_ value: String, forKey key: Key) { encoder.append(value) }
    func encode(_ value: Double, forKey key: Key) throws { throw unsupported(value) }
    func encode(_ value: Float, forKey key: Key) throws { throw unsupported(value) }
    func encode(_ value: Int, forKey key: Key) { encoder.append(Int64(value)) }
    func encode(_ value: Int8, forKey key: Key) { encoder.append(value) }
    func encode(_ value: Int16, forKey key: Key) { encoder.append(value) }
    func encode(_ value: Int32, forKey key: Key) { encoder.append(value) }
    func encode(_ value: Int64, forKey key: Key) { encoder.append(value) }
    func encode(_ value: UInt, forKey key: Key) { encoder.append(UInt64(value)) }
    func encode(_ value: UInt8, forKey key: Key) { encoder.append(value) }
    func encode(_ value: UInt16, forKey key: Key) { encoder.append(value) }
    func encode(_ value: UInt32, forKey key: Key) { encoder.append(value) }
    func encode(_ value: UInt64, forKey key: Key) { encoder.append(value) }
    func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try encoder.write(value) }

    func encodeIfPresent(_ value: Bool?, forKey key: Key) { present(value) { encoder.append(presence: $0) } }
    func encodeIfPresent(_ value: String?, forKey key: Key) { present(value) { encoder.append($0) } }
    func encodeIfPresent(_ value: Double?, forKey key: Key) throws { throw unsupported(key) }
    func encodeIfPresent(_ value: Float?, forKey key: Key) throws { throw unsupported(key) }
    func encodeIfPresent(_ value: Int?, forKey key: Key) { present(value) { encoder.append(Int64($0)) } }
    func encodeIfPresent(_ value: Int8?, forKey key: Key) { present(value) { encoder.append($0) } }
    func encodeIfPresent(_ value: Int16?, forKey key: Key) { present(value) { encoder.append($0) } }
    func encodeIfPresent(_ value: Int32?, forKey key: Key) { present(value) { encoder.append($0) } }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) { present(value) { encoder.append($0) } }
    func encodeIfPresent(_ value: UInt?, forKey key: Key) { present(value) { encoder.append(UInt64($0)) } }
    func encodeIfPresent(_ value: UInt8?, forKey key: Key) { present(value) { encoder.append($0) } }
    func encodeIfPresent(_ value: UInt16?, forKey key: Key) { present(value) { encoder.append($0) } }
    func encodeIfPresent(_ value: UInt32?, forKey key: Key) { present(value) { encoder.append($0) } }
    func encodeIfPresent(_ value: UInt64?, forKey key: Key) { present(value) { encoder.append($0) } }
    func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
        encoder.append(presence: value != nil)
        if let value { try encoder.write(value) }
    }

    private func present<T>(_ value: T?, _ write: (T) -> Void) {
        encoder.append(presence: value != nil)
        if let value { write(value) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(Fields<Nested>(encoder: encoder))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { Elements(encoder: encoder) }
    func superEncoder() -> any Encoder { Form(encoder: encoder) }
    func superEncoder(forKey key: Key) -> any Encoder { Form(encoder: encoder) }
}

/// An array: the count stands first and is corrected as elements come.
private struct Elements: UnkeyedEncodingContainer {
    let encoder: BinaryEncoder
    private let start: Int
    private(set) var count = 0
    var codingPath: [any CodingKey] { [] }

    init(encoder: BinaryEncoder) {
        self.encoder = encoder
        start = encoder.bytes.count
        encoder.openArray(count: 0)
    }

    /// Counts one element, and gives what writes it.
    private mutating func next() -> BinaryEncoder {
        count += 1
        encoder.patchCount(at: start, UInt32(count))
        return encoder
    }

    mutating func encodeNil() throws { throw unsupported(count) }
    mutating func encode(_ value: Bool) { next().append(presence: value) }
    mutating func encode(_ value: String) { next().append(value) }
    mutating func encode(_ value: Double) throws { throw unsupported(value) }
    mutating func encode(_ value: Float) throws { throw unsupported(value) }
    mutating func encode(_ value: Int) { next().append(Int64(value)) }
    mutating func encode(_ value: Int8) { next().append(value) }
    mutating func encode(_ value: Int16) { next().append(value) }
    mutating func encode(_ value: Int32) { next().append(value) }
    mutating func encode(_ value: Int64) { next().append(value) }
    mutating func encode(_ value: UInt) { next().append(UInt64(value)) }
    mutating func encode(_ value: UInt8) { next().append(value) }
    mutating func encode(_ value: UInt16) { next().append(value) }
    mutating func encode(_ value: UInt32) { next().append(value) }
    mutating func encode(_ value: UInt64) { next().append(value) }
    mutating func encode<T: Encodable>(_ value: T) throws { try next().write(value) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(Fields<Nested>(encoder: next()))
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        Elements(encoder: next())
    }

    mutating func superEncoder() -> any Encoder { Form(encoder: encoder) }
}

/// A raw-value type or another value that stands alone.
private struct Single: SingleValueEncodingContainer {
    let encoder: BinaryEncoder
    var codingPath: [any CodingKey] { [] }

    func encodeNil() throws { throw unsupported(()) }
    func encode(_ value: Bool) { encoder.append(presence: value) }
    func encode(_ value: String) { encoder.append(value) }
    func encode(_ value: Double) throws { throw unsupported(value) }
    func encode(_ value: Float) throws { throw unsupported(value) }
    func encode(_ value: Int) { encoder.append(Int64(value)) }
    func encode(_ value: Int8) { encoder.append(value) }
    func encode(_ value: Int16) { encoder.append(value) }
    func encode(_ value: Int32) { encoder.append(value) }
    func encode(_ value: Int64) { encoder.append(value) }
    func encode(_ value: UInt) { encoder.append(UInt64(value)) }
    func encode(_ value: UInt8) { encoder.append(value) }
    func encode(_ value: UInt16) { encoder.append(value) }
    func encode(_ value: UInt32) { encoder.append(value) }
    func encode(_ value: UInt64) { encoder.append(value) }
    func encode<T: Encodable>(_ value: T) throws { try encoder.write(value) }
}
