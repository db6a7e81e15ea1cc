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
        key(name)
        // Three digits and a comma each; a megabyte of them is written without a text for any.
        var text: [UInt8] = []
        text.reserveCapacity(4 * bytes.count + 2)
        text.append(UInt8(ascii: "["))
        for byte in bytes {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            if byte >= 100 { text.append(UInt8(ascii: "0") + byte / 100) }
            if byte >= 10 { text.append(UInt8(ascii: "0") + byte / 10 % 10) }
            text.append(UInt8(ascii: "0") + byte % 10)
        }
        text.append(UInt8(ascii: "]"))
        buffer.writeBytes(text)
    }

    /// A value that is JSON already.
    mutating func raw(_ name: StaticString, _ json: [UInt8]) {
        key(name)
        buffer.writeBytes(json)
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
        array(name, values) { JSONString.write($1, to: &$0.buffer) }
    }

    mutating func object(_ name: StaticString, _ members: (inout JSONObject) -> Void) {
        key(name)
        nested(members)
    }

    mutating func objects<Element>(
        _ name: StaticString,
        _ elements: [Element],
        _ members: (inout JSONObject, Element) -> Void
    ) {
        array(name, elements) { object, element in
            object.nested { members(&$0, element) }
        }
    }

    /// An object inside this one, straight into the same bytes.
    private mutating func nested(_ members: (inout JSONObject) -> Void) {
        buffer.writeInteger(UInt8(ascii: "{"))
        isEmpty = true
        members(&self)
        isEmpty = false
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    private mutating func array<Element>(
        _ name: StaticString,
        _ elements: [Element],
        _ write: (inout JSONObject, Element) -> Void
    ) {
        key(name)
        buffer.writeInteger(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            write(&self, element)
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
