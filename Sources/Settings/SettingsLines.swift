// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Why a line of the settings file is refused. It never carries what stands there.
package enum SettingsLineFault: Error, Equatable {
    case notNameAndValue
    case badName
    case exported
    case unmatchedQuotes
    case commentAfterValue
    case controlCharacter
    case repeated(firstLine: Int)
    case namesAFile
}

extension SettingsLineFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notNameAndValue: "this is not NAME=value"
        case .badName: "a name is upper-case letters, digits and underscores, from the line's first column to the ="
        case .exported: "NAME=value stands without export"
        case .unmatchedQuotes: "quotation marks must surround the whole value and not occur within"
        case .commentAfterValue: "a comment needs its own line; a value with \" #\" in it needs quotation marks"
        case .controlCharacter: "there is a control character"
        case .repeated(let firstLine): "this name was set in line \(firstLine) already"
        case .namesAFile: "CONFIG_FILE cannot be set in the file that it names"
        }
    }
}

/// Reads lines of `NAME=value`.
///
/// Blank lines and lines that begin with `#` count for nothing; a line may end in CR LF. White space around a value
/// is dropped; a value may stand in a pair of `"` or `'`, which are dropped, and has no escapes.
enum SettingsLines {
    /// A line of the file that sets something, counted from 1.
    private struct Entry {
        let line: Int
        let name: String
        let value: String
    }

    /// The values by their names.
    ///
    /// - Parameter path: for the errors.
    static func values(
        in text: String, path: String, knownNames: Set<String>
    ) throws(SettingsError) -> [String: String] {
        var values: [String: String] = [:]
        var firstLines: [String: Int] = [:]
        for entry in try entries(in: text, path: path) {
            guard knownNames.contains(entry.name) || entry.name == SettingsReader.configFile.name else {
                throw .unknownName(path: path, line: entry.line, name: entry.name)
            }
            guard entry.name != SettingsReader.configFile.name else {
                throw .badLine(path: path, line: entry.line, fault: .namesAFile)
            }
            if let firstLine = firstLines[entry.name] {
                throw .badLine(path: path, line: entry.line, fault: .repeated(firstLine: firstLine))
            }
            firstLines[entry.name] = entry.line
            values[entry.name] = entry.value
        }
        return values
    }

    private static func entries(in text: String, path: String) throws(SettingsError) -> [Entry] {
        var entries: [Entry] = []
        // By scalars: to Swift, CR LF is one character and neither of the two.
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            do {
                if let pair = try pair(in: line.last == "\r" ? line.dropLast() : line) {
                    entries.append(Entry(line: index + 1, name: pair.name, value: pair.value))
                }
            } catch {
                throw .badLine(path: path, line: index + 1, fault: error)
            }
        }
        return entries
    }

    /// The two sides of a line, `nil` where it is blank or a comment.
    private static func pair(
        in line: Substring.UnicodeScalarView
    ) throws(SettingsLineFault) -> (name: String, value: String)? {
        guard let first = line.first(where: { !isSpace($0) }), first != "#" else { return nil }
        if line.starts(with: "export ".unicodeScalars) { throw .exported }
        guard let sign = line.firstIndex(of: "=") else { throw .notNameAndValue }
        guard isName(line[..<sign]) else { throw .badName }
        let value = try value(in: trimmed(line[line.index(after: sign)...]))
        return (String(line[..<sign]), value)
    }

    private static func value(in text: Substring.UnicodeScalarView) throws(SettingsLineFault) -> String {
        if text.contains(where: { $0.properties.generalCategory == .control && $0 != "\t" }) {
            throw .controlCharacter
        }
        guard let first = text.first, isQuote(first) else {
            if text.contains(where: isQuote) { throw .unmatchedQuotes }
            if holdsComment(text) { throw .commentAfterValue }
            return String(text)
        }
        let inner = text.dropFirst().dropLast()
        guard text.count >= 2, text.last == first, !inner.contains(first) else { throw .unmatchedQuotes }
        return String(inner)
    }

    private static func isName(_ text: Substring.UnicodeScalarView) -> Bool {
        guard let first = text.first, ("A"..."Z").contains(first) else { return false }
        return text.allSatisfy { ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_" }
    }

    private static func holdsComment(_ text: Substring.UnicodeScalarView) -> Bool {
        text.first == "#" || zip(text, text.dropFirst()).contains { isSpace($0) && $1 == "#" }
    }

    private static func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t"
    }

    private static func isQuote(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\"" || scalar == "'"
    }
}
