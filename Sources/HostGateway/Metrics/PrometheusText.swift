// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The lexical rules of Prometheus' text format, version 0.0.4.
enum PrometheusText {
    /// A name of `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    static func metricName(_ label: String) -> String {
        name(label) { $0 == ":" }
    }

    /// A name of `[a-zA-Z_][a-zA-Z0-9_]*` other than those that histograms and summaries set themselves.
    static func labelName(_ label: String) -> String {
        let name = name(label) { _ in false }
        return name == "le" || name == "quantile" ? name + "_" : name
    }

    private static func name(_ label: String, allowing isAllowed: (Unicode.Scalar) -> Bool) -> String {
        var name = String.UnicodeScalarView()
        for scalar in label.unicodeScalars {
            switch scalar {
            case "0"..."9" where name.isEmpty: name.append(contentsOf: ["_", scalar])
            case "a"..."z", "A"..."Z", "0"..."9", "_": name.append(scalar)
            default: name.append(isAllowed(scalar) ? scalar : "_")
            }
        }
        return name.isEmpty ? "_" : String(name)
    }

    static func escapedHelp(_ help: String) -> String {
        escaped(help, quote: false)
    }

    static func escapedLabelValue(_ value: String) -> String {
        escaped(value, quote: true)
    }

    // By scalar, since a quote with a combining mark is one character and would escape escaping.
    private static func escaped(_ text: String, quote: Bool) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped.append(contentsOf: ["\\", "\\"])
            case "\n": escaped.append(contentsOf: ["\\", "n"])
            case "\"" where quote: escaped.append(contentsOf: ["\\", "\""])
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// The shortest decimal that reads back as the same number, or `NaN`, `+Inf`, `-Inf`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
