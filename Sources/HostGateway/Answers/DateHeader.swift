// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Synchronization

/// The value of the `Date` header, made once a second.
final class DateHeader: Sendable {
    private let current = Mutex<(second: Int, text: String)>((-1, ""))

    func value() -> String {
        var now = timespec()
        unsafe _ = clock_gettime(CLOCK_REALTIME_COARSE, &now)
        let second = now.tv_sec
        return current.withLock { current in
            if current.second != second { current = (second, Timestamp.httpDate(seconds: Int64(second))) }
            return current.text
        }
    }
}
