// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore

/// Writes one JSON object straight into the bytes of an answer, members in the order of the calls.
struct JSONObject {
    private(set) var buffer: ByteBuffer
    private var isEmpty = true

    init(capacity: Int = 512) {
        buffer = ByteBufferAllocator().buffer(capacity: capacity)
        buffer.writeInteger(UInt8(ascii: "{"))
    }

    /// Ends the object.
    consuming func finished() -> ByteBuffer {
        buffer.writeInteger(UInt8(ascii: "}"))
        return buffer
    }

    mutating func string(_ name: StaticString, _ value: String) {
        key(name)
        JSONString.write(value, to: &buffer)
    }

    mutating func integer(_ name: StaticString, _ value: some BinaryInteger) {
        key(name)
        buffer.writeString(String(value))
    }

    mutating func bool(_ name: StaticString, _ value: Bool) {
        key(name)
        buffer.writeString(value ? "true" : "false")
    }

    mutating func null(_ name: StaticString) {
        key(name)
        buffer.writeString("null")
    }

    /// Bytes as the contract shows them: an array of integers.
    mutating func byteArray(_ name: StaticString, _ bytes: [UInt8]) {
        array(name, bytes) { $0.writeString(String($1)) }
    }

    /// Bytes as lower-case hex digits.
    mutating func hex(_ name: StaticString, _ bytes: ByteBuffer) {
        key(name)
        buffer.writeInteger(UInt8(ascii: "\""))
        Hex.write(bytes, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    /// Text of the word lists, which has nothing in it to be escaped; it is copied without becoming a `String`.
    mutating func words(_ name: StaticString, _ text: ByteBuffer) {
        key(name)
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeImmutableBuffer(text)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    mutating func strings(_ name: StaticString, _ values: [String]) {
        array(name, values) { JSONString.write($1, to: &$0) }
    }

    mutating func object(_ name: StaticString, _ members: (inout JSONObject) -> Void) {
        key(name)
        var inner = JSONObject(capacity: 64)
        members(&inner)
        buffer.writeImmutableBuffer(inner.finished())
    }

    mutating func objects<Element>(
        _ name: StaticString,
        _ elements: [Element],
        _ members: (inout JSONObject, Element) -> Void
    ) {
        array(name, elements) { buffer, element in
            var inner = JSONObject(capacity: 64)
            members(&inner, element)
            buffer.writeImmutableBuffer(inner.finished())
        }
    }

    private mutating func array<Element>(
        _ name: StaticString,
        _ elements: [Element],
        _ write: (inout ByteBuffer, Element) -> Void
    ) {
        key(name)
        buffer.writeInteger(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            write(&buffer, element)
        }
        buffer.writeInteger(UInt8(ascii: "]"))
    }

    private mutating func key(_ name: StaticString) {
        if !isEmpty { buffer.writeInteger(UInt8(ascii: ",")) }
        isEmpty = false
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
    }
}
