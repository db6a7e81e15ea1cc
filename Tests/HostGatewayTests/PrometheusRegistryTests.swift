// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Metrics
import Testing

@testable import HostGateway

@Suite("Prometheus exposition")
struct PrometheusRegistryTests {
    @Test("all types are written as the text format has them, sorted")
    func wholeExposition() {
        let registry = PrometheusRegistry()
        let timer = Timer(label: "call_seconds", dimensions: [("route", "/info")], factory: registry)
        timer.recordNanoseconds(500_000)
        timer.recordNanoseconds(500_001)
        timer.recordNanoseconds(30_000_000_000)
        timer.recordNanoseconds(30_000_000_001)
        timer.recordNanoseconds(-5)
        Counter(label: "b_total", dimensions: [("z", "1"), ("a", "2")], factory: registry).increment(by: 7)
        Counter(label: "b_total", factory: registry).increment()
        Counter(label: "a", factory: registry).increment(by: Int64.max)
        FloatingPointCounter(label: "f", factory: registry).increment(by: 0.75)
        Meter(label: "m", factory: registry).set(-2.5)
        Gauge(label: "g", factory: registry).record(3)
        let recorder = Recorder(label: "r", factory: registry)
        recorder.record(1)
        recorder.record(2.5)
        registry.describe("call_seconds", help: "How long.")
        registry.describe("a", help: "Back\\slash, \"quote\",\nnew line.")
        #expect(
            registry.exposition() == """
                # HELP a_total Back\\\\slash, "quote",\\nnew line.
                # TYPE a_total counter
                a_total 9223372036854775807
                # TYPE b_total counter
                b_total 1
                b_total{a="2",z="1"} 7
                # HELP call_seconds How long.
                # TYPE call_seconds histogram
                call_seconds_bucket{route="/info",le="0.0005"} 2
                call_seconds_bucket{route="/info",le="0.001"} 3
                call_seconds_bucket{route="/info",le="0.0025"} 3
                call_seconds_bucket{route="/info",le="0.005"} 3
                call_seconds_bucket{route="/info",le="0.01"} 3
                call_seconds_bucket{route="/info",le="0.025"} 3
                call_seconds_bucket{route="/info",le="0.05"} 3
                call_seconds_bucket{route="/info",le="0.1"} 3
                call_seconds_bucket{route="/info",le="0.25"} 3
                call_seconds_bucket{route="/info",le="0.5"} 3
                call_seconds_bucket{route="/info",le="1"} 3
                call_seconds_bucket{route="/info",le="2.5"} 3
                call_seconds_bucket{route="/info",le="5"} 3
                call_seconds_bucket{route="/info",le="10"} 3
                call_seconds_bucket{route="/info",le="30"} 4
                call_seconds_bucket{route="/info",le="+Inf"} 5
                call_seconds_sum{route="/info"} 60.001000002
                call_seconds_count{route="/info"} 5
                # TYPE f_total counter
                f_total 0.75
                # TYPE g gauge
                g 3
                # TYPE m gauge
                m -2.5
                # TYPE r summary
                r_sum 3.5
                r_count 2

                """)
    }

    @Test("a registry without series writes nothing")
    func empty() {
        let registry = PrometheusRegistry()
        registry.describe("a", help: "Never used.")
        registry.gauge("unreadable", help: "Has no value.") { nil }
        #expect(registry.exposition() == "")
    }

    @Test(
        "a label value is escaped",
        arguments: [
            ("a\\b", "a\\\\b"), ("a\"b", "a\\\"b"), ("a\nb", "a\\nb"), ("\\n", "\\\\n"), ("é€", "é€"),
            ("\"\u{301}", "\\\"\u{301}"), ("\r\n", "\r\\n"), ("", ""),
        ])
    func labelValues(_ value: String, _ written: String) {
        let registry = PrometheusRegistry()
        Gauge(label: "g", dimensions: [("l", value)], factory: registry).record(1)
        #expect(registry.exposition() == "# TYPE g gauge\ng{l=\"\(written)\"} 1\n")
    }

    @Test(
        "a name that Prometheus does not take is made one that it takes",
        arguments: [
            ("http.requests", "http_requests"), ("9lives", "_9lives"), ("", "_"), ("a:b", "a:b"), ("é", "_"),
            ("a b\n", "a_b_"),
        ])
    func metricNames(_ label: String, _ name: String) {
        let registry = PrometheusRegistry()
        registry.gauge(label, help: "H") { 1 }
        #expect(registry.exposition() == "# HELP \(name) H\n# TYPE \(name) gauge\n\(name) 1\n")
    }

    @Test("label names are made valid, kept from clashing, and the first of a name counts")
    func labelNames() {
        let registry = PrometheusRegistry()
        let dimensions = [("le", "1"), ("quantile", "2"), ("a.b", "3"), ("a_b", "4"), ("a:b", "5"), ("0", "6")]
        Gauge(label: "g", dimensions: dimensions, factory: registry).record(1)
        #expect(
            registry.exposition() == "# TYPE g gauge\ng{_0=\"6\",a_b=\"3\",le_=\"1\",quantile_=\"2\"} 1\n")
    }

    @Test(
        "a number is the shortest that reads back, or a word that Prometheus knows",
        arguments: [
            (0, "0"), (1, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (1e16, "1e+16"), (1e-7, "1e-07"), (.nan, "NaN"),
            (.infinity, "+Inf"), (-.infinity, "-Inf"), (123_456_789, "123456789"), (1_700_000_000.25, "1700000000.25"),
            (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
        ] as [(Double, String)])
    func numbers(_ value: Double, _ written: String) {
        #expect(PrometheusText.number(value) == written)
    }

    @Test("the same label and dimensions are the same series, in whatever order")
    func sameSeries() {
        let registry = PrometheusRegistry()
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        Counter(label: "c_total", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
        FloatingPointCounter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment(by: 0.5)
        #expect(registry.exposition() == "# TYPE c_total counter\nc_total{a=\"1\",b=\"2\"} 2.5\n")
    }

    @Test("a label of another type gives a series that works and is not exposed")
    func typeClash() {
        let registry = PrometheusRegistry()
        Meter(label: "x", factory: registry).set(1)
        Timer(label: "x", factory: registry).recordNanoseconds(1)
        Recorder(label: "x", factory: registry).record(1)
        Timer(label: "x", dimensions: [("a", "1")], factory: registry).recordNanoseconds(1)
        Counter(label: "t_total", factory: registry).increment()
        Meter(label: "t_total", factory: registry).set(5)
        registry.gauge("read", help: "H") { 4 }
        Meter(label: "read", factory: registry).set(9)
        #expect(
            registry.exposition() == """
                # HELP read H
                # TYPE read gauge
                read 4
                # TYPE t_total counter
                t_total 1
                # TYPE x gauge
                x 1

                """)
    }

    @Test("two families never write samples of the same name")
    func sampleNameClash() {
        let registry = PrometheusRegistry()
        Meter(label: "h_count", factory: registry).set(1)
        Timer(label: "h", factory: registry).recordNanoseconds(1)
        Recorder(label: "s", factory: registry).record(1)
        Meter(label: "s_sum", factory: registry).set(1)
        #expect(
            registry.exposition()
                == "# TYPE h_count gauge\nh_count 1\n# TYPE s summary\ns_sum 1\ns_count 1\n")
    }

    @Test("a counter never falls, but for a reset")
    func monotonic() {
        let registry = PrometheusRegistry()
        let counter = registry.makeCounter(label: "c", dimensions: [])
        let floating = registry.makeFloatingPointCounter(label: "c", dimensions: [])
        counter.increment(by: 3)
        counter.increment(by: -2)
        for amount in [-1, Double.nan, .infinity, -.infinity] { floating.increment(by: amount) }
        #expect(registry.exposition() == "# TYPE c_total counter\nc_total 3\n")
        counter.reset()
        #expect(registry.exposition() == "# TYPE c_total counter\nc_total 0\n")
    }

    @Test("a destroyed metric is no longer exposed and starts anew")
    func destroyed() {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "c", dimensions: [("a", "1")], factory: registry)
        counter.increment(by: 5)
        Counter(label: "c", dimensions: [("a", "2")], factory: registry).increment()
        counter.destroy()
        #expect(registry.exposition() == "# TYPE c_total counter\nc_total{a=\"2\"} 1\n")
        Counter(label: "c", dimensions: [("a", "1")], factory: registry).increment()
        #expect(registry.exposition() == "# TYPE c_total counter\nc_total{a=\"1\"} 1\nc_total{a=\"2\"} 1\n")
    }

    @Test("no value is lost between threads")
    func concurrent() async {
        let registry = PrometheusRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<10_000 {
                        Counter(label: "c", factory: registry).increment()
                        Meter(label: "m", factory: registry).increment(by: 0.5)
                        Timer(label: "t", factory: registry).recordNanoseconds(1_000_000)
                    }
                }
            }
        }
        let lines = registry.exposition().split(separator: "\n")
        for line in ["c_total 80000", "m 40000", "t_bucket{le=\"0.0005\"} 0", "t_bucket{le=\"0.001\"} 80000"] {
            #expect(lines.contains(Substring(line)))
        }
        #expect(lines.suffix(2) == ["t_sum 80", "t_count 80000"])
    }
}
