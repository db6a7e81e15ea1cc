// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Synchronization

/// The nonces that this enclave gave out and that no document has answered: each is good once, and for a while.
final class ExportChallenges: Sendable {
    private struct Entry {
        let nonce: [UInt8]
        /// By the clock of `uptime`.
        let expiresAt: Int64
    }

    /// Bytes of a nonce.
    static let nonceBytes = 32

    private let uptime: @Sendable () -> Int64
    /// Oldest first.
    private let entries = Mutex<[Entry]>([])

    /// - Parameter uptime: gives milliseconds by a clock that nobody sets.
    init(uptime: @escaping @Sendable () -> Int64) {
        self.uptime = uptime
    }

    /// Opens a challenge. Where too many are open the oldest makes room: to refuse instead would let anybody who asks
    /// once a second shut everyone else out.
    func open(_ nonce: [UInt8]) {
        let moment = uptime()
        entries.withLock { entries in
            entries.removeAll { $0.expiresAt <= moment }
            if entries.count >= Limits.exportChallenges { entries.removeFirst() }
            entries.append(Entry(nonce: nonce, expiresAt: moment + Limits.exportChallengeMilliseconds))
        }
    }

    /// Whether a nonce is that of an open challenge, which stays open.
    func isOpen(_ nonce: [UInt8]) -> Bool {
        let moment = uptime()
        return entries.withLock { entries in
            entries.contains { $0.nonce == nonce && moment < $0.expiresAt }
        }
    }

    /// Closes a challenge.
    ///
    /// - Returns: whether it was open; of several who close it, one is told so.
    func close(_ nonce: [UInt8]) -> Bool {
        let moment = uptime()
        return entries.withLock { entries in
            guard let index = entries.firstIndex(where: { $0.nonce == nonce && moment < $0.expiresAt }) else {
                return false
            }
            entries.remove(at: index)
            return true
        }
    }
}
