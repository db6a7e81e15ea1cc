// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// One instance behind a peer's name.
struct PeerEndpoint: Hashable, Sendable {
    let peer: PeerAddress
    /// IPv4, or IPv6 without brackets.
    let address: String

    /// Where to connect, without a name that would be resolved again.
    var url: String {
        "http://\(PeerAddress.bracketed(address)):\(peer.port)"
    }
}

extension PeerEndpoint: CustomStringConvertible {
    var description: String {
        peer.isNumeric ? "\(peer)" : "\(peer) at \(address)"
    }
}
