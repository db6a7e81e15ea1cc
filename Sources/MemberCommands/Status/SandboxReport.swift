// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Which sandbox mechanisms are in force: names that may grow, each with a truth value, a number or a word.
struct SandboxReport: Decodable, Sendable, Equatable {
    /// By name, in alphabetical order; values in words.
    let mechanisms: [(name: String, value: String)]

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Name.self)
        mechanisms = fields.allKeys.map(\.stringValue).sorted().map { name in
            (name, Self.words(for: Name(stringValue: name), in: fields))
        }
    }

    private static func words(for name: Name, in fields: KeyedDecodingContainer<Name>) -> String {
        if let truth = try? fields.decode(Bool.self, forKey: name) { return truth ? "yes" : "no" }
        if let number = try? fields.decode(Int.self, forKey: name) { return "\(number)" }
        if let text = try? fields.decode(String.self, forKey: name) { return text }
        if (try? fields.decodeNil(forKey: name)) == true { return "no" }
        return "see --json"
    }

    /// On one line.
    var line: String {
        mechanisms.map { "\($0.name.split(separator: "_").joined(separator: " ")) \($0.value)" }.joined(separator: ", ")
    }

    static func == (one: Self, other: Self) -> Bool {
        one.line == other.line
    }
}
