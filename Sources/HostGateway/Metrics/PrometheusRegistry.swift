// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import CoreMetrics
import Synchronization

/// The metrics of this process and their exposition in Prometheus' text format, version 0.0.4.
///
/// Passed as the factory to each `Counter`, `Meter`, `Gauge`, `Recorder` and `Timer`. A lock is taken only to find or
/// make a series and to write the exposition; recording a value is atomic arithmetic. Names are made valid by replacing
/// what may not be in them by `_`; a counter's ends in `_total`. The same label and dimensions give the same series. A
/// label that is already of another type gives a series that works and is exposed nowhere.
package final class PrometheusRegistry: MetricsFactory {
    private struct Family {
        let kind: PrometheusKind
        var series: [PrometheusLabels: any PrometheusSeries] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        var help: [String: String] = [:]
        /// Every name that a sample may have, so that no two families write the same.
        var sampleNames: Set<String> = []
    }

    private let state = Mutex(State())

    /// A registry without series.
    package init() {}

    /// Registers the text of a metric's `# HELP` line; `label` as it is given to the metric.
    package func describe(_ label: String, help: String) {
        state.withLock { $0.help[PrometheusText.metricName(label)] = help }
    }

    /// Registers a gauge whose value is read at each exposition, in the caller's thread; nil leaves it out.
    package func gauge(_ name: String, help: String, read: @escaping @Sendable () -> Double?) {
        observe(PrometheusReading(kind: .gauge, read), name: name, help: help)
    }

    /// Registers a counter whose value is read at each exposition, in the caller's thread; nil leaves it out.
    package func counter(_ name: String, help: String, read: @escaping @Sendable () -> Double?) {
        observe(PrometheusReading(kind: .counter, read), name: name, help: help)
    }

    private func observe(_ reading: PrometheusReading, name: String, help: String) {
        _ = series(name, [], kind: reading.kind) { reading }
        describe(name, help: help)
    }
}

// MARK: Series

extension PrometheusRegistry {
    private func series<Series: PrometheusSeries>(
        _ label: String, _ dimensions: [(String, String)], kind: PrometheusKind, make: () -> Series
    ) -> Series {
        let name = kind.familyName(for: label)
        let labels = PrometheusLabels(dimensions)
        return state.withLock { state in
            if state.families[name] == nil {
                let sampleNames = kind.sampleNames(of: name)
                guard state.sampleNames.isDisjoint(with: sampleNames) else { return make() }
                state.sampleNames.formUnion(sampleNames)
                state.families[name] = Family(kind: kind)
            }
            guard let family = state.families[name], family.kind == kind else { return make() }
            if let known = family.series[labels] { return known as? Series ?? make() }
            let made = make()
            state.families[name]?.series[labels] = made
            return made
        }
    }

    private func remove(_ handler: AnyObject) {
        state.withLock { state in
            for (name, family) in state.families {
                guard let labels = family.series.first(where: { $0.value === handler })?.key else { continue }
                state.families[name]?.series[labels] = nil
                return
            }
        }
    }
}

// MARK: MetricsFactory

extension PrometheusRegistry {
    /// A counter of whole amounts.
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, kind: .counter) { PrometheusCounter() }
    }

    /// A counter that takes fractions; of the same label and dimensions it is the same series as a whole one.
    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, kind: .counter) { PrometheusCounter() }
    }

    /// A gauge.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, kind: .gauge) { PrometheusGauge() }
    }

    /// A summary of count and sum if `aggregate`, else a gauge.
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions, kind: .gauge) { PrometheusGauge() } }
        return series(label, dimensions, kind: .summary) { PrometheusSummary() }
    }

    /// A histogram in seconds.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, kind: .histogram) { PrometheusHistogram() }
    }

    /// Takes the series out of the exposition.
    package func destroyCounter(_ handler: any CounterHandler) {
        remove(handler)
    }

    /// Takes the series out of the exposition.
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
        remove(handler)
    }

    /// Takes the series out of the exposition.
    package func destroyMeter(_ handler: any MeterHandler) {
        remove(handler)
    }

    /// Takes the series out of the exposition.
    package func destroyRecorder(_ handler: any RecorderHandler) {
        remove(handler)
    }

    /// Takes the series out of the exposition.
    package func destroyTimer(_ handler: any TimerHandler) {
        remove(handler)
    }
}

// MARK: Exposition

extension PrometheusRegistry {
    /// All series, sorted by name and then by labels; each line ends in a newline.
    package func exposition() -> String {
        let (families, help) = state.withLock { ($0.families, $0.help) }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            var samples = ""
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.writeSamples(named: name, labels, to: &samples)
            }
            guard !samples.isEmpty else { continue }
            if let help = help[name] ?? family.kind.undecorated(name).flatMap({ help[$0] }) {
                text += "# HELP \(name) \(PrometheusText.escapedHelp(help))\n"
            }
            text += "# TYPE \(name) \(family.kind.rawValue)\n\(samples)"
        }
        return text
    }
}
