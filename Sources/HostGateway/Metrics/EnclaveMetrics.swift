// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Metrics

/// What the gateway counts of its enclave.
package final class EnclaveMetrics: Sendable {
    private let calls: Timer
    private let connected: Meter
    private let reconnects: Counter

    /// Makes the metrics in `registry`.
    package init(registry: PrometheusRegistry) {
        calls = Timer(label: Name.callDuration, factory: registry)
        connected = Meter(label: Name.connected, factory: registry)
        reconnects = Counter(label: Name.reconnects, factory: registry)
        for (name, help) in Name.help {
            registry.describe(name, help: help)
        }
    }

    /// Counts a call to the enclave, answered or not, and how long it took.
    package func callFinished(nanoseconds: Int64) {
        calls.recordNanoseconds(nanoseconds)
    }

    /// Shows whether the gateway has a connection to the enclave.
    package func isConnected(_ isConnected: Bool) {
        connected.set(isConnected ? 1 : 0)
    }

    /// Counts a connection made after an earlier one was lost.
    package func reconnected() {
        reconnects.increment()
    }

    private enum Name {
        static let callDuration = "renclave_enclave_call_duration_seconds"
        static let connected = "renclave_enclave_connected"
        static let reconnects = "renclave_enclave_reconnects_total"

        static let help = [
            (callDuration, "Time of a call to the enclave, in seconds."),
            (connected, "Whether the gateway is connected to the enclave: 1 or 0."),
            (reconnects, "Connections to the enclave made after an earlier one was lost."),
        ]
    }
}
