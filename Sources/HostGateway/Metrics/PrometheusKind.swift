// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The type of a metric family; the raw value is the word of its `# TYPE` line.
enum PrometheusKind: String, Sendable {
    case counter
    case gauge
    case histogram
    case summary

    private static let counterSuffix = "_total"

    /// The family's name for a metric's label: valid, and ending in `_total` for a counter.
    func familyName(for label: String) -> String {
        let name = PrometheusText.metricName(label)
        return self == .counter && !name.hasSuffix(Self.counterSuffix) ? name + Self.counterSuffix : name
    }

    /// The name of a counter without its `_total`, nil for the other kinds.
    func undecorated(_ name: String) -> String? {
        self == .counter ? String(name.dropLast(Self.counterSuffix.count)) : nil
    }

    /// The names that a family of this name claims in the exposition.
    func sampleNames(of name: String) -> Set<String> {
        switch self {
        case .counter, .gauge: [name]
        case .histogram: [name, name + "_bucket", name + "_sum", name + "_count"]
        case .summary: [name, name + "_sum", name + "_count"]
        }
    }
}
