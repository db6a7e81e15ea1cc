// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Testing

/// What the kernel says of this process's memory.
enum ProcessMemory {
    /// Locked memory in KiB.
    static func lockedKiB() throws -> Int {
        let line = try #require(try lines(of: "/proc/self/status").first { $0.hasPrefix("VmLck:") })
        return try #require(line.split(separator: " ").compactMap { Int($0) }.first)
    }

    /// The flags of the mapping that begins at an address, such as `lo` for locked.
    static func flags(ofMappingAt address: UInt) throws -> Set<Substring> {
        let all = try lines(of: "/proc/self/smaps")
        let start = try #require(all.firstIndex { $0.hasPrefix(String(address, radix: 16) + "-") })
        let line = try #require(all[start...].first { $0.hasPrefix("VmFlags:") })
        return Set(line.split(separator: " ").dropFirst())
    }

    /// May this process use as much locked memory as it likes? No more after this.
    static func forbidLocking() {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(8), &limit)
        // Root may lock in spite of the limit.
        if geteuid() == 0 { setuid(65534) }
    }

    private static func lines(of path: String) throws -> [Substring] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(descriptor, &part, part.count)
            guard count > 0 else { break }
            text += part.prefix(count)
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n")
    }
}
