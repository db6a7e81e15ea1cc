// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import HostGateway

@Suite("Gateway metrics")
struct GatewayMetricsTests {
    private let registry = PrometheusRegistry()
    private let metrics: GatewayMetrics

    init() {
        metrics = GatewayMetrics(
            routes: [.init(method: "GET", path: "/info"), .init(method: "POST", path: "/generate-seed")],
            registry: registry)
    }

    private func lines(_ prefix: String) -> [String] {
        registry.exposition().split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }
    }

    @Test("requests are counted by route, method and status")
    func requests() {
        let finished = [
            (0, 200), (1, 200), (1, 200), (1, 400), (1, 418), (1, 599), (2, 404), (7, 404), (-1, -1), (0, .max),
        ]
        for (route, status) in finished {
            metrics.requestStarted()
            metrics.requestFinished(route: route, status: status, nanoseconds: 1_000_000)
        }
        #expect(metrics.unmatchedRoute == 2)
        #expect(
            lines("renclave_http_requests_total{") == [
                "renclave_http_requests_total{method=\"GET\",route=\"/info\",status=\"200\"} 1",
                "renclave_http_requests_total{method=\"GET\",route=\"/info\",status=\"other\"} 1",
                "renclave_http_requests_total{method=\"POST\",route=\"/generate-seed\",status=\"200\"} 2",
                "renclave_http_requests_total{method=\"POST\",route=\"/generate-seed\",status=\"400\"} 1",
                "renclave_http_requests_total{method=\"POST\",route=\"/generate-seed\",status=\"other\"} 2",
                "renclave_http_requests_total{method=\"other\",route=\"unmatched\",status=\"404\"} 2",
                "renclave_http_requests_total{method=\"other\",route=\"unmatched\",status=\"other\"} 1",
            ])
        #expect(
            lines("renclave_http_request_duration_seconds_count") == [
                "renclave_http_request_duration_seconds_count{route=\"/generate-seed\"} 5",
                "renclave_http_request_duration_seconds_count{route=\"/info\"} 2",
                "renclave_http_request_duration_seconds_count{route=\"unmatched\"} 3",
            ])
        #expect(
            lines("renclave_http_request_duration_seconds_bucket{route=\"/info\",le=\"0.001\"}") == [
                "renclave_http_request_duration_seconds_bucket{route=\"/info\",le=\"0.001\"} 2"
            ])
    }

    @Test("a request is in flight from its start to its end")
    func inFlight() {
        for expected in 1...3 {
            metrics.requestStarted()
            #expect(lines("renclave_http_requests_in_flight ") == ["renclave_http_requests_in_flight \(expected)"])
        }
        metrics.requestFinished(route: 0, status: 200, nanoseconds: 1)
        #expect(lines("renclave_http_requests_in_flight ") == ["renclave_http_requests_in_flight 2"])
    }

    @Test("every metric has a help text and a type")
    func help() {
        metrics.requestFinished(route: 0, status: 200, nanoseconds: 1)
        #expect(lines("# HELP").count == 3)
        #expect(
            lines("# TYPE") == [
                "# TYPE renclave_http_request_duration_seconds histogram",
                "# TYPE renclave_http_requests_in_flight gauge",
                "# TYPE renclave_http_requests_total counter",
            ])
    }
}
