// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Logging

/// Writes a record as one JSON object (RFC 8259) whose keys are all different.
enum JSONLine {
    private static let reservedKeys: Set<String> = ["time", "level", "logger", "message", "truncated"]

    /// The line without its newline.
    static func bytes(of record: LogRecord, limits: LineLimits) -> [UInt8] {
        let ending = limits.isTruncating ? ",\"truncated\":true}" : "}"
        var line: [UInt8] = []
        line.reserveCapacity(256)
        line.append(contentsOf: "{\"time\":\"".utf8)
        record.time.append(to: &line)
        line.append(contentsOf: "\",\"level\":\"\(record.level.rawValue)\",\"logger\":".utf8)
        line.appendQuoted(record.label, limit: limits.label)
        line.append(contentsOf: ",\"message\":".utf8)
        line.appendQuoted(record.message, limit: limits.message)
        for (key, value) in renamed(record.metadata).sorted(by: { $0.key < $1.key }) {
            var pair = [UInt8(ascii: ",")]
            append(key, value, to: &pair, limit: limits.value)
            guard pair.count <= limits.line - line.count - ending.utf8.count else { continue }
            line.append(contentsOf: pair)
        }
        line.append(contentsOf: ending.utf8)
        return line
    }

    /// The metadata with `meta_` before every key that the line itself uses, as often as it takes to be a new one.
    private static func renamed(_ metadata: Logger.Metadata) -> Logger.Metadata {
        var renamed = metadata
        for key in reservedKeys {
            guard let value = renamed.removeValue(forKey: key) else { continue }
            var name = "meta_" + key
            while renamed[name] != nil { name = "meta_" + name }
            renamed[name] = value
        }
        return renamed
    }

    private static func append(
        _ key: String, _ value: Logger.MetadataValue, to line: inout [UInt8], limit: Int
    ) {
        // A key is never cut: two cut keys might be equal.
        line.appendQuoted(key, limit: .max)
        line.append(UInt8(ascii: ":"))
        append(value, to: &line, limit: limit)
    }

    private static func append(_ value: Logger.MetadataValue, to line: inout [UInt8], limit: Int) {
        switch value {
        case .string(let text):
            line.appendQuoted(text, limit: limit)
        case .stringConvertible(let convertible):
            line.appendQuoted(convertible.description, limit: limit)
        case .array(let values):
            line.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                append(value, to: &line, limit: limit)
            }
            line.append(UInt8(ascii: "]"))
        case .dictionary(let values):
            line.append(UInt8(ascii: "{"))
            for (index, pair) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                append(pair.key, pair.value, to: &line, limit: limit)
            }
            line.append(UInt8(ascii: "}"))
        }
    }
}
