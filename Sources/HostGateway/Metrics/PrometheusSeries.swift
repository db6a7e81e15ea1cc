// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CoreMetrics
import Synchronization

/// One series of the exposition. Recording may happen on any thread and never waits.
protocol PrometheusSeries: AnyObject, Sendable {
    func writeSamples(named name: String, _ labels: PrometheusLabels, to text: inout String)
}

/// A value that only grows. Whole and fractional amounts are kept apart so that whole ones stay exact.
final class PrometheusCounter: PrometheusSeries, CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<UInt64>(0)
    private let fractional = AtomicDouble(0)

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fractional.add(amount)
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fractional.store(0)
    }

    func writeSamples(named name: String, _ labels: PrometheusLabels, to text: inout String) {
        let whole = whole.load(ordering: .relaxed)
        let fractional = fractional.load()
        let value = fractional == 0 ? "\(whole)" : PrometheusText.number(Double(whole) + fractional)
        text += "\(name)\(labels.text) \(value)\n"
    }
}

/// A value that is set, or goes up and down.
final class PrometheusGauge: PrometheusSeries, MeterHandler, RecorderHandler {
    private let value = AtomicDouble(0)

    func set(_ value: Int64) { self.value.store(Double(value)) }
    func set(_ value: Double) { self.value.store(value) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
    func increment(by amount: Double) { value.add(amount) }
    func decrement(by amount: Double) { value.add(-amount) }

    func writeSamples(named name: String, _ labels: PrometheusLabels, to text: inout String) {
        text += "\(name)\(labels.text) \(PrometheusText.number(value.load()))\n"
    }
}

/// How many values were recorded, and their sum.
final class PrometheusSummary: PrometheusSeries, RecorderHandler {
    private let count = Atomic<UInt64>(0)
    private let sum = AtomicDouble(0)

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        count.wrappingAdd(1, ordering: .relaxed)
        sum.add(value)
    }

    func writeSamples(named name: String, _ labels: PrometheusLabels, to text: inout String) {
        text += "\(name)_sum\(labels.text) \(PrometheusText.number(sum.load()))\n"
        text += "\(name)_count\(labels.text) \(count.load(ordering: .relaxed))\n"
    }
}

/// A value that is read when it is asked for.
final class PrometheusReading: PrometheusSeries {
    let kind: PrometheusKind
    private let read: @Sendable () -> Double?

    init(kind: PrometheusKind, _ read: @escaping @Sendable () -> Double?) {
        self.kind = kind
        self.read = read
    }

    func writeSamples(named name: String, _ labels: PrometheusLabels, to text: inout String) {
        guard let value = read() else { return }
        text += "\(name)\(labels.text) \(PrometheusText.number(value))\n"
    }
}
