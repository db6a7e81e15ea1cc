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

    /// The peers whose names have to be resolved: those of one name together, whatever their ports.
    var named: [[PeerAddress]] {
        var groups: [[PeerAddress]] = []
        for peer in peers where !peer.isNumeric {
            if let index = groups.firstIndex(where: { $0.contains { $0.host == peer.host } }) {
                groups[index].append(peer)
            } else {
                groups.append([peer])
            }
        }
        return groups
    }

    /// Every instance behind a name, in the resolver's order; none where it leads nowhere.
    ///
    /// - Parameter peers: of one name, which is resolved once.
    func endpoints(of peers: [PeerAddress]) async -> [PeerEndpoint] {
        guard let name = peers.first?.host else { return [] }
        var endpoints: [PeerEndpoint] = []
        for address in await resolver.addresses(of: name) {
            for peer in peers where endpoints.count < Self.addressLimit {
                let endpoint = PeerEndpoint(peer: peer, address: address)
                if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
            }
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
