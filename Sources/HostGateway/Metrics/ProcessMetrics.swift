// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// The usual `process_…` metrics of this process. What the kernel does not let it read is left out.
package enum ProcessMetrics {
    /// Registers memory, processor time, open files and start time; all but the last are read at each exposition.
    package static func register(in registry: PrometheusRegistry) {
        registry.gauge("process_resident_memory_bytes", help: "Resident memory size in bytes.") {
            residentMemory()
        }
        registry.counter("process_cpu_seconds_total", help: "User and system processor time spent, in seconds.") {
            processorSeconds()
        }
        registry.gauge("process_open_fds", help: "Number of open file descriptors.") {
            openDescriptors()
        }
        let start = startTime()
        registry.gauge("process_start_time_seconds", help: "Start of the process, in seconds since 1970-01-01 UTC.") {
            start
        }
    }

    private static func residentMemory() -> Double? {
        guard let statm = contents(of: "/proc/self/statm"), let pages = residentPages(statm: statm) else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func processorSeconds() -> Double? {
        var usage = rusage()
        // Safe: the kernel fills in the one structure whose address it gets.
        guard unsafe getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return nil }
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
        return Double(seconds) + Double(microseconds) / 1_000_000
    }

    private static func openDescriptors() -> Double? {
        // Safe: the stream is closed on the way out and used by nobody else; an entry is only counted.
        guard let directory = unsafe opendir("/proc/self/fd") else { return nil }
        defer { unsafe _ = closedir(directory) }
        var entries = 0
        while unsafe readdir(directory) != nil {
            entries += 1
        }
        // Less `.`, `..` and the descriptor that reads the directory.
        return Double(entries - 3)
    }

    private static func startTime() -> Double? {
        guard let stat = contents(of: "/proc/self/stat"), let ticks = startTicks(stat: stat),
            let system = contents(of: "/proc/stat"), let boot = bootTime(stat: system)
        else { return nil }
        return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

// MARK: Files of the kernel (proc(5))

extension ProcessMetrics {
    /// The second field of `/proc/self/statm`.
    static func residentPages(statm: String) -> Double? {
        let fields = statm.split(separator: " ")
        return fields.count > 1 ? Double(fields[1]) : nil
    }

    /// Field 22 of `/proc/self/stat`, in clock ticks after boot. The second field, the name in brackets, may itself
    /// hold spaces and brackets, so counting starts after the last bracket, with field 3.
    static func startTicks(stat: String) -> Double? {
        guard let bracket = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: bracket)...].split(separator: " ")
        return fields.count > 19 ? Double(fields[19]) : nil
    }

    /// The line `btime` of `/proc/stat`, in seconds since 1970.
    static func bootTime(stat: String) -> Double? {
        for line in stat.split(separator: "\n") where line.hasPrefix("btime ") {
            return Double(line.dropFirst("btime ".count))
        }
        return nil
    }

    private static func contents(of path: String) -> String? {
        // Safe: the path is a string of our own, and each read is bounded by the buffer it is given.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk.prefix(count))
        }
    }
}
