// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// The host's clock: in development the only one, and trusted for nothing but what people read.
package enum WallClock {
    /// Milliseconds since 1970, UTC.
    package static func milliseconds() -> Int64 {
        var now = timespec()
        // Fails for an unknown clock only.
        unsafe _ = clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}
