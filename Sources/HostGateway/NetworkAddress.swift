// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// An address to listen on, in its canonical text.
struct NetworkAddress: Equatable, Sendable {
    let text: String
    /// 127.0.0.0/8 or ::1.
    let isLoopback: Bool

    /// Reads an IPv4 or IPv6 address or `localhost`; `nil` for anything else.
    init?(text: String) {
        if text == "localhost" {
            self.text = "127.0.0.1"
            isLoopback = true
            return
        }
        var four = in_addr()
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            self.text = text
            isLoopback = UInt32(bigEndian: four.s_addr) >> 24 == 127
            return
        }
        var six = in6_addr()
        guard unsafe inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        self.text = text
        isLoopback = unsafe withUnsafeBytes(of: six) { bytes in
            unsafe bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
        }
    }
}
