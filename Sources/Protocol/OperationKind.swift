// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The name and wire tag of every operation of the contract.
///
/// Tags are never reused. ``Operation`` says which of them this version can carry; a tag that it cannot carry is
/// answered with ``EnclaveError/Reason/unknownOperation``.
package enum OperationKind: UInt8, CaseIterable, Sendable {
    case info = 1
    case generateSeed = 2
    case deriveSeed = 3
    case validateSeed = 4
    case genesisBoot = 5
    case genesisAnswer = 6
    case injectShares = 7
    case bootStandard = 8
    case manifest = 9
    case shareManifest = 10
    case generateAttestation = 11
    case exportChallenge = 12
    case exportKey = 13
    case injectKey = 14
}
