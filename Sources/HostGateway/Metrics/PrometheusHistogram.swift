// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CoreMetrics
import Synchronization

/// Durations counted by length; recorded in nanoseconds, exposed in seconds.
final class PrometheusHistogram: PrometheusSeries, TimerHandler {
    /// Upper bounds of the buckets in nanoseconds, each bound inside; the last bucket has none.
    private static let bounds: InlineArray<15, Int64> = [
        500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000,
        500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000,
    ]

    private let buckets = InlineArray<16, Atomic<UInt64>> { _ in Atomic(0) }
    /// Wraps after 584 years of recorded time, which Prometheus reads as a restart.
    private let nanoseconds = Atomic<UInt64>(0)

    /// Adds one duration; a negative one, from a clock that went back, counts as none.
    func recordNanoseconds(_ duration: Int64) {
        let duration = max(duration, 0)
        var bucket = 0
        while bucket < Self.bounds.count, duration > Self.bounds[bucket] {
            bucket += 1
        }
        buckets[bucket].wrappingAdd(1, ordering: .relaxed)
        nanoseconds.wrappingAdd(UInt64(duration), ordering: .relaxed)
    }

    // The count is the sum of the buckets as read, so that it equals the last one even while others record.
    func writeSamples(named name: String, _ labels: PrometheusLabels, to text: inout String) {
        var count: UInt64 = 0
        for bucket in buckets.indices {
            count += buckets[bucket].load(ordering: .relaxed)
            let bound = bucket < Self.bounds.count ? Self.seconds(Double(Self.bounds[bucket])) : "+Inf"
            text += "\(name)_bucket\(labels.text(le: bound)) \(count)\n"
        }
        text += "\(name)_sum\(labels.text) \(Self.seconds(Double(nanoseconds.load(ordering: .relaxed))))\n"
        text += "\(name)_count\(labels.text) \(count)\n"
    }

    private static func seconds(_ nanoseconds: Double) -> String {
        PrometheusText.number(nanoseconds / 1_000_000_000)
    }
}
