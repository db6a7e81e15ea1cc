// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import HostGateway

@Suite("Enclave metrics")
struct EnclaveMetricsTests {
    private let registry = PrometheusRegistry()
    private let metrics: EnclaveMetrics

    init() {
        metrics = EnclaveMetrics(registry: registry)
    }

    private func lines(_ prefix: String) -> [String] {
        registry.exposition().split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }
    }

    @Test("the enclave's connection and calls are shown")
    func enclave() {
        #expect(lines("renclave_enclave_connected") == ["renclave_enclave_connected 0"])
        #expect(lines("renclave_enclave_reconnects_total") == ["renclave_enclave_reconnects_total 0"])
        metrics.isConnected(true)
        metrics.reconnected()
        metrics.callFinished(nanoseconds: 250_000_000)
        #expect(lines("renclave_enclave_connected") == ["renclave_enclave_connected 1"])
        #expect(lines("renclave_enclave_reconnects_total") == ["renclave_enclave_reconnects_total 1"])
        #expect(
            lines("renclave_enclave_call_duration_seconds_sum") == ["renclave_enclave_call_duration_seconds_sum 0.25"])
        metrics.isConnected(false)
        #expect(lines("renclave_enclave_connected") == ["renclave_enclave_connected 0"])
    }

    @Test("every metric has a help text and a type")
    func help() {
        #expect(lines("# HELP").count == 3)
        #expect(
            lines("# TYPE") == [
                "# TYPE renclave_enclave_call_duration_seconds histogram",
                "# TYPE renclave_enclave_connected gauge",
                "# TYPE renclave_enclave_reconnects_total counter",
            ])
    }
}
