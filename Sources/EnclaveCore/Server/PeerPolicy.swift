// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux

/// Which users may connect, decided by what the kernel says of the peer.
package struct PeerPolicy: Sendable {
    /// What an unmapped user of another namespace looks like; never admitted.
    static let unmappedUser: UInt32 = 65534

    private let admitted: Set<UInt32>

    /// - Parameters:
    ///   - ownUser: the enclave's uid, always admitted.
    ///   - others: `ENCLAVE_ALLOWED_UIDS`.
    package init(ownUser: UInt32, others: Set<UInt32>) {
        admitted = others.union([ownUser]).subtracting([Self.unmappedUser])
    }

    func admits(_ user: UInt32) -> Bool {
        admitted.contains(user)
    }

    /// The peer's uid and pid; `nil` where the kernel does not tell.
    static func peer(of descriptor: Int32) -> (user: UInt32, process: Int32)? {
        var peer = renclave_peer()
        guard unsafe renclave_peer_credentials(descriptor, &peer) == 0 else { return nil }
        return (peer.uid, peer.pid)
    }
}
