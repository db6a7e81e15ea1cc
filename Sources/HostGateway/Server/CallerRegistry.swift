// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Synchronization

/// What is to be given up when a connection closes before its answer: costly work for callers that have left.
final class CallerRegistry: Sendable {
    private let actions = Mutex<[ObjectIdentifier: @Sendable () -> Void]>([:])

    fileprivate func set(_ action: (@Sendable () -> Void)?, for key: ObjectIdentifier) {
        actions.withLock { $0[key] = action }
    }

    /// Notes that a connection is gone.
    func left(_ channel: any Channel) {
        actions.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }?()
    }
}

/// The connection that a request came over. It has one request at a time.
struct Caller: Sendable {
    private let registry: CallerRegistry
    private let key: ObjectIdentifier

    init(_ channel: any Channel, registry: CallerRegistry) {
        self.registry = registry
        key = ObjectIdentifier(channel)
    }

    /// Runs `action` should the connection close, until ``isServed()``.
    func whenLeft(_ action: @escaping @Sendable () -> Void) {
        registry.set(action, for: key)
    }

    /// Forgets the action.
    func isServed() {
        registry.set(nil, for: key)
    }
}
