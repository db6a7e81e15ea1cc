// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes

/// What a request says of its body, and of the errors that it wants.
enum MediaType {
    /// Whether `Content-Type` is `application/json`, with no charset or with UTF-8.
    static func isJSON(_ fields: HTTPFields) -> Bool {
        let values = fields[values: .contentType]
        guard values.count == 1 else { return false }
        if values[0] == "application/json" { return true }
        let parts = values[0].split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
        guard parts[0].lowercased() == "application/json" else { return false }
        return parts.dropFirst().allSatisfy { part in
            guard part.lowercased().hasPrefix("charset=") else { return true }
            let charset = part.dropFirst("charset=".count).lowercased()
            return charset == "utf-8" || charset == "\"utf-8\""
        }
    }

    /// Whether `Accept` asks for `application/problem+json`.
    static func wantsProblem(_ fields: HTTPFields) -> Bool {
        fields[values: .accept].contains { value in
            value.split(separator: ",").contains { range in
                let parts = range.split(separator: ";").map(trimmed)
                guard parts.first?.lowercased() == "application/problem+json" else { return false }
                return !parts.dropFirst().contains { isZeroQuality($0.lowercased()) }
            }
        }
    }

    private static func isZeroQuality(_ parameter: String) -> Bool {
        parameter.hasPrefix("q=") && (Double(parameter.dropFirst(2)) ?? 1) == 0
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
