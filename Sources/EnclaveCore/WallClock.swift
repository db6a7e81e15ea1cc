// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// The host's clocks: in development the only ones.
package enum WallClock {
    /// Milliseconds since 1970, UTC.
    package static func milliseconds() -> Int64 {
        var now = timespec()
        // Fails for an unknown clock only.
        unsafe _ = clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }

    /// Milliseconds since the machine started, by a clock that nobody can set and that goes on while it sleeps.
    package static func uptimeMilliseconds() -> Int64 {
        var now = timespec()
        unsafe _ = clock_gettime(CLOCK_BOOTTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}
