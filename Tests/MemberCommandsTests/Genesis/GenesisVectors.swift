// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Quorum

/// QuorumOS's genesis in both of its layouts, with all its secrets.
struct GenesisVectors: Decodable {
    struct Output: Decodable {
        let borsh: String
    }

    let memberSeeds: [String: String]
    let quorumMasterSeed: String
    let plainShares: [String]
    let current: Output
    let legacy: Output

    private enum CodingKeys: String, CodingKey {
        case current, legacy
        case memberSeeds = "member_seeds"
        case quorumMasterSeed = "quorum_master_seed"
        case plainShares = "plain_shares"
    }

    static func read() throws -> Self {
        let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Vectors/qos/genesis.json")
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
    }
}

extension JSONValue {
    /// The same with one value in it replaced: a path of members' names, and of places in arrays.
    func replacing(_ path: [String], with value: JSONValue?) -> JSONValue {
        guard let name = path.first else { return value ?? .null }
        let rest = Array(path.dropFirst())
        switch self {
        case .object(let members):
            return .object(
                members.compactMap { member in
                    guard member.isNamed(name) else { return member }
                    if rest.isEmpty, value == nil { return nil }
                    return JSONMember(name: name, value: member.value.replacing(rest, with: value))
                })
        case .array(let elements):
            return .array(
                elements.enumerated().map { "\($0)" == name ? $1.replacing(rest, with: value) : $1 })
        default: return self
        }
    }

    /// What stands at a path.
    func value(at path: [String]) -> JSONValue? {
        path.reduce(self) { value, name in
            if case .array(let elements)? = value {
                return Int(name).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            }
            return value?.member(name)
        }
    }
}
