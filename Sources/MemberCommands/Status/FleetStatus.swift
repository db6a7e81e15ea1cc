// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// What several gateways say of themselves and of their enclaves, asked at the same time.
struct FleetStatus: Sendable {
    /// One gateway of them.
    struct Member: Sendable {
        let address: GatewayAddress
        /// Why there is no status is a sentence and its details.
        let answer: Result<GatewayStatus, CommandFailure>
        /// Whether its enclave holds the key that all must hold; nil where it holds none, or gives no answer.
        var hasSameKey: Bool?

        var status: GatewayStatus? { try? answer.get() }

        var failure: CommandFailure? {
            guard case .failure(let failure) = answer else { return nil }
            return failure
        }
    }

    /// In the order in which they were named.
    let members: [Member]
    let expectation: FleetKey.Expectation

    /// Asks them all.
    ///
    /// - Parameter timeLimit: for each gateway.
    static func ask(
        _ addresses: [GatewayAddress],
        expecting expectation: FleetKey.Expectation,
        timeLimit: Duration
    ) async throws -> FleetStatus {
        let answers = try await withThrowingTaskGroup(of: (Int, Result<GatewayStatus, CommandFailure>).self) { group in
            for (index, address) in addresses.enumerated() {
                group.addTask { (index, try await answer(of: address, timeLimit: timeLimit)) }
            }
            return try await group.reduce(into: [:]) { answers, answer in answers[answer.0] = answer.1 }
        }
        var members = addresses.indices.compactMap { index in
            answers[index].map { Member(address: addresses[index], answer: $0) }
        }
        let areSame = expectation.isMet(by: members.map { $0.status?.enclave?.key })
        for index in members.indices { members[index].hasSameKey = areSame[index] }
        return FleetStatus(members: members, expectation: expectation)
    }

    private static func answer(
        of address: GatewayAddress,
        timeLimit: Duration
    ) async throws -> Result<GatewayStatus, CommandFailure> {
        do {
            return .success(
                try await GatewayClient.withClient(of: address, timeLimit: timeLimit) { client in
                    try await GatewayStatus.ask(client)
                })
        } catch let failure as CommandFailure {
            return .failure(failure)
        }
    }

    /// Whether every gateway is ready, no enclave holds another key, and where one is expected all hold it.
    var isSound: Bool {
        members.allSatisfy { member in
            let isKeyRight = member.hasSameKey ?? (expectation == .any)
            return isKeyRight && member.status?.isReady ?? false
        }
    }
}

// MARK: - For scripts

extension FleetStatus.Member {
    /// One JSON object; the gateway's answers in it are unchanged.
    ///
    /// - Parameter isFleet: whether it says how the key compares, and why there is no answer.
    func json(isFleet: Bool) -> String {
        let json = status?.json ?? GatewayStatus.unknownJSON(of: address)
        guard isFleet else { return json }
        let same = hasSameKey.map { "\($0)" } ?? "null"
        let error = (failure.map { .string($0.sentence) } ?? JSONValue.null).line
        return #"\#(json.dropLast()),"same_key":\#(same),"error":\#(error)}"#
    }
}
