// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives

/// How a document is written: everything but the values.
enum DocumentShape {
    /// One line for each part.
    static func lines(of document: [UInt8]) throws -> [String] {
        var reader = CBORReader(document)
        _ = try reader.array(4...4)
        var lines = ["begins with \(Hex.encode([document[0]]))", "protected \(Hex.encode(try reader.bytes()))"]
        _ = try reader.map(0...0)
        let payload = try reader.bytes()
        lines.append("payload begins with \(Hex.encode(Array(payload.prefix(1))))")
        var members = CBORReader(payload)
        var entries = try members.map(mayBeIndefinite: true)
        while try members.next(of: &entries) {
            lines.append("\(try members.text()): \(try value(&members))")
        }
        try members.finish()
        lines.append("signature of \(try reader.bytes().count)")
        try reader.finish()
        return lines
    }

    private static func value(_ reader: inout CBORReader) throws -> String {
        if reader.takeNull() { return "null" }
        var ahead = reader
        if (try? ahead.text()) != nil {
            _ = try reader.text()
            return "text"
        }
        if (try? ahead.unsigned()) != nil {
            let before = reader.remaining
            _ = try reader.unsigned()
            return "integer of \(before - reader.remaining - 1)"
        }
        if (try? ahead.bytes()) != nil {
            _ = try reader.bytes()
            return "bytes"
        }
        if var elements = try? ahead.array() {
            var parts: [String] = []
            while try ahead.next(of: &elements) { parts.append(try value(&ahead)) }
            reader = ahead
            return "[\(parts.joined(separator: ", "))]"
        }
        var entries = try reader.map()
        var keys: [String] = []
        while try reader.next(of: &entries) {
            keys.append("\(try reader.unsigned()) of \(try reader.bytes().count)")
        }
        return "{\(keys.joined(separator: ", "))}"
    }
}
