// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Testing

@testable import HostGateway

@Suite("Process metrics")
struct ProcessMetricsTests {
    @Test("this process shows memory, processor time, open files and start")
    func values() throws {
        let registry = PrometheusRegistry()
        ProcessMetrics.register(in: registry)
        let lines = registry.exposition().split(separator: "\n")
        #expect(
            lines.filter { $0.hasPrefix("# TYPE") } == [
                "# TYPE process_cpu_seconds_total counter", "# TYPE process_open_fds gauge",
                "# TYPE process_resident_memory_bytes gauge", "# TYPE process_start_time_seconds gauge",
            ])
        var values: [Substring: Double] = [:]
        for line in lines where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            values[try #require(parts.first)] = parts.last.flatMap { Double($0) }
        }
        #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
        #expect(try #require(values["process_cpu_seconds_total"]) > 0)
        #expect(try #require(values["process_open_fds"]) >= 3)
        let start = try #require(values["process_start_time_seconds"])
        // The kernel gives the time of boot in whole seconds.
        #expect(start > 1_600_000_000 && start <= Date().timeIntervalSince1970 + 1)
    }

    @Test("resident memory is the second field")
    func statm() {
        #expect(ProcessMetrics.residentPages(statm: "2150 187 160 5 0 98 0\n") == 187)
        #expect(ProcessMetrics.residentPages(statm: "2150") == nil)
        #expect(ProcessMetrics.residentPages(statm: "") == nil)
        #expect(ProcessMetrics.residentPages(statm: "1 x") == nil)
    }

    @Test("the start is field 22, whatever the name of the process holds")
    func stat() {
        let fields = (4...30).map(String.init).joined(separator: " ")
        #expect(ProcessMetrics.startTicks(stat: "12 (a b) c) S \(fields)\n") == 22)
        #expect(ProcessMetrics.startTicks(stat: "12 (name) S 4 5") == nil)
        #expect(ProcessMetrics.startTicks(stat: "") == nil)
    }

    @Test("the time of boot is the line btime")
    func bootTime() {
        #expect(ProcessMetrics.bootTime(stat: "cpu  1 2\nbtime 1700000000\nprocesses 5\n") == 1_700_000_000)
        #expect(ProcessMetrics.bootTime(stat: "cpu 1\n") == nil)
    }
}
