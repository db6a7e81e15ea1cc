// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Synchronization

/// How the joining stands, for `/readyz?verbose`.
final class JoinStatus: Sendable {
    /// What it does, and why.
    struct Report: Equatable, Sendable {
        /// A word of the contract.
        enum State: String, Sendable {
            /// There is nothing to do.
            case idle
            /// Peers are being asked.
            case joining
            /// No peer gave the key; they are asked again.
            case waiting
            /// It is not tried, for a setting is missing.
            case refused
        }

        let state: State
        /// Words for a person.
        let reason: String
    }

    private let current = Mutex(Report(state: .idle, reason: "the enclave has not been asked yet"))

    var report: Report {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}
