// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Finds the instances behind the names in `PEERS`. Which of them is this one, they say themselves.
struct PeerDirectory: Sendable {
    /// Instances of one name that are asked in a round.
    static let addressLimit = 64

    let peers: [PeerAddress]
    let resolver: any NameResolver

    /// The instances that are given by their addresses.
    var numbered: [PeerEndpoint] {
        peers.filter(\.isNumeric).map { PeerEndpoint(peer: $0, address: $0.host) }
    }

    /// The peers whose names have to be resolved.
    var named: [PeerAddress] {
        peers.filter { !$0.isNumeric }
    }

    /// Every instance behind a name, in the resolver's order; none where it leads nowhere.
    func endpoints(of peer: PeerAddress) async -> [PeerEndpoint] {
        var endpoints: [PeerEndpoint] = []
        for address in await resolver.addresses(of: peer.host) {
            let endpoint = PeerEndpoint(peer: peer, address: address)
            guard endpoints.count < Self.addressLimit else { break }
            if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
        }
        return endpoints
    }
}

/// What turns a name into addresses.
protocol NameResolver: Sendable {
    /// The addresses of a name, IPv4, or IPv6 without brackets; none where there are none, or they cannot be had in
    /// time.
    func addresses(of name: String) async -> [String]
}
