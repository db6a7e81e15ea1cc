// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The seven states of an enclave, by the names that clients see.
///
/// The raw value is the name on the wire between the processes and in every answer.
package enum Phase: String, Codable, CaseIterable, Sendable {
    /// Empty: no manifest, no key.
    case waitingForBootInstruction = "WaitingForBootInstruction"
    /// The quorum key has been made and split; the shares are on their way out.
    case genesisBooted = "GenesisBooted"
    /// The manifest is known; members bring their shares.
    case waitingForQuorumShards = "WaitingForQuorumShards"
    /// The manifest is known; another enclave brings the key.
    case waitingForForwardedKey = "WaitingForForwardedKey"
    /// The quorum key is whole and checked.
    case quorumKeyProvisioned = "QuorumKeyProvisioned"
    /// The key serves.
    case applicationReady = "ApplicationReady"
    /// An invariant broke; every secret has been zeroed.
    case unrecoverableError = "UnrecoverableError"

    /// Reads a name by its bytes: to Swift's `==` the Kelvin sign is a K, and a value has one form on the wire.
    ///
    /// - Throws: `DecodingError` for any other name.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let phase = Phase(rawValue: name), phase.rawValue.utf8.elementsEqual(name.utf8) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no state has this name")
        }
        self = phase
    }
}
