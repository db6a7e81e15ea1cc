// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Synchronization

@testable import NitroAttestation

/// Finds one among equal requests.
final class Places: Sendable {
    private let request: NSMRequest
    private let nth: Int
    private let seen = Mutex(0)

    init(of request: NSMRequest, nth: Int) {
        self.request = request
        self.nth = nth
    }

    /// To be asked of every request, in order.
    func isHit(_ other: NSMRequest) -> Bool {
        guard other == request else { return false }
        return seen.withLock { seen in
            defer { seen += 1 }
            return seen == nth
        }
    }
}
