// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Metrics
import Synchronization

/// What the gateway counts of its requests.
///
/// Routes and methods come from the closed list given here and statuses from a closed list below, never from a request.
/// Finishing a request builds no text and takes no lock, but for the first of its kind.
package final class GatewayMetrics: Sendable {
    /// A route as it is labelled: the path's pattern and the method.
    package struct Route: Sendable {
        /// The method, such as `GET`.
        package let method: String
        /// The path's pattern, such as `/info`.
        package let path: String

        /// A route with its method and the pattern of its path.
        package init(method: String, path: String) {
            self.method = method
            self.path = path
        }
    }

    /// Statuses with a label of their own; any other is counted as `other`.
    private static let statuses = [200, 400, 403, 404, 405, 409, 413, 415, 422, 431, 500, 503, 504]

    private let registry: PrometheusRegistry
    private let routes: [Route]
    /// For each route, one place for each status and one for `other`.
    private let requests: [CounterPlace]
    private let durations: [Timer]
    private let inFlight: Meter

    /// Makes the metrics in `registry`; a request names its route by its index in `routes`.
    package init(routes: [Route], registry: PrometheusRegistry) {
        let routes = routes + [Route(method: "other", path: "unmatched")]
        self.registry = registry
        self.routes = routes
        requests = (0..<routes.count * (Self.statuses.count + 1)).map { _ in CounterPlace() }
        durations = routes.map {
            Timer(label: Name.requestDuration, dimensions: [("route", $0.path)], factory: registry)
        }
        inFlight = Meter(label: Name.requestsInFlight, factory: registry)
        for (name, help) in Name.help {
            registry.describe(name, help: help)
        }
    }

    /// The index for requests that no route matches.
    package var unmatchedRoute: Int { routes.count - 1 }
}

// MARK: Requests

extension GatewayMetrics {
    /// Counts a request as in flight, until it is finished.
    package func requestStarted() {
        inFlight.increment()
    }

    /// Counts a request as no longer in flight: its client left before the answer.
    package func requestAbandoned() {
        inFlight.decrement()
    }

    /// Counts an answered request and how long it took. An index that is no route's counts as unmatched.
    package func requestFinished(route: Int, status: Int, nanoseconds: Int64) {
        let route = routes.indices.contains(route) ? route : unmatchedRoute
        inFlight.decrement()
        counter(route: route, status: status).increment()
        durations[route].recordNanoseconds(nanoseconds)
    }

    private func counter(route: Int, status: Int) -> Counter {
        let column = Self.statuses.firstIndex(of: status)
        let place = requests[route * (Self.statuses.count + 1) + (column ?? Self.statuses.count)]
        if let counter = place.counter.load() { return counter }
        // Two threads may get here together: the registry gives both the same series.
        let dimensions = [
            ("route", routes[route].path), ("method", routes[route].method),
            ("status", column == nil ? "other" : "\(status)"),
        ]
        return place.counter.storeIfNil(Counter(label: Name.requests, dimensions: dimensions, factory: registry))
    }

    /// Where the counter of one route and status is kept once it was needed.
    private final class CounterPlace: Sendable {
        let counter = AtomicLazyReference<Counter>()
    }
}

// MARK: Names

extension GatewayMetrics {
    private enum Name {
        static let requests = "renclave_http_requests_total"
        static let requestDuration = "renclave_http_request_duration_seconds"
        static let requestsInFlight = "renclave_http_requests_in_flight"

        static let help = [
            (requests, "Requests answered, by route, method and status."),
            (requestDuration, "Time from a request's head to the end of its answer, in seconds."),
            (requestsInFlight, "Requests that are being answered."),
        ]
    }
}
