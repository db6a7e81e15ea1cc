// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The labels of one series, made valid, sorted by name and rendered once.
struct PrometheusLabels: Hashable, Comparable, Sendable {
    /// Such as `method="GET",route="/info"`; empty without labels.
    private let pairs: String

    /// Of two dimensions with the same name the first counts.
    init(_ dimensions: [(String, String)]) {
        var values: [String: String] = [:]
        for (name, value) in dimensions {
            let name = PrometheusText.labelName(name)
            if values[name] == nil { values[name] = value }
        }
        pairs = values.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(PrometheusText.escapedLabelValue($0.value))\"" }
            .joined(separator: ",")
    }

    /// What follows the name in a sample line: nothing, or the labels in braces.
    var text: String {
        pairs.isEmpty ? "" : "{\(pairs)}"
    }

    /// The same with a histogram's upper bound as the last label.
    func text(le bound: String) -> String {
        pairs.isEmpty ? "{le=\"\(bound)\"}" : "{\(pairs),le=\"\(bound)\"}"
    }

    static func < (first: PrometheusLabels, second: PrometheusLabels) -> Bool {
        first.pairs < second.pairs
    }
}
