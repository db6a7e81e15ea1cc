// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Logging

/// Writes a record as words, then `key=value` pairs sorted by key.
enum TextLine {
    private static let truncationMark = " truncated=true"

    /// The line without its newline.
    static func bytes(of record: LogRecord, limits: LineLimits) -> [UInt8] {
        let ending = limits.isTruncating ? truncationMark : ""
        var line: [UInt8] = []
        line.reserveCapacity(256)
        record.time.append(to: &line)
        line.append(contentsOf: " \(word(record.level)) ".utf8)
        line.appendEscaped(record.label, quotes: false, limit: limits.label)
        line.append(UInt8(ascii: " "))
        line.appendEscaped(record.message, quotes: false, limit: limits.message)
        for (key, value) in record.metadata.sorted(by: { $0.key < $1.key }) {
            let pair = pair(key, value, limit: limits.value)
            guard pair.count <= limits.line - line.count - ending.utf8.count else { continue }
            line.append(contentsOf: pair)
        }
        line.append(contentsOf: ending.utf8)
        return line
    }

    /// Five columns, which all but the two longest need.
    private static func word(_ level: Logger.Level) -> String {
        switch level {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info: "INFO "
        case .notice: "NOTICE"
        case .warning: "WARN "
        case .error: "ERROR"
        case .critical: "CRITICAL"
        }
    }

    private static func pair(_ key: String, _ value: Logger.MetadataValue, limit: Int) -> [UInt8] {
        var pair = [UInt8(ascii: " ")]
        for byte in key.utf8 {
            pair.append(isKeyByte(byte) ? byte : UInt8(ascii: "_"))
        }
        pair.append(UInt8(ascii: "="))
        let text = text(of: value)
        if !text.isEmpty && text.utf8.count <= limit && text.utf8.allSatisfy(isBareByte) {
            pair.append(contentsOf: text.utf8)
        } else {
            pair.appendQuoted(text, limit: limit)
        }
        return pair
    }

    private static func text(of value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text):
            return text
        case .stringConvertible(let convertible):
            return convertible.description
        case .array(let values):
            return "[" + values.map(text).joined(separator: ", ") + "]"
        case .dictionary(let values):
            let pairs = values.sorted { $0.key < $1.key }.map { "\($0.key): \(text(of: $0.value))" }
            return "[" + pairs.joined(separator: ", ") + "]"
        }
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// What may stand in a value without quotation marks.
    private static func isBareByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "="): false
        default: (0x21...0x7E).contains(byte)
        }
    }
}
