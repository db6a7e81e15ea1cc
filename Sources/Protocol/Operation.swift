// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Every operation that can cross the socket, with its request: the single source of what the enclave accepts.
package enum Operation: Equatable, Sendable {
    case info
    case generateSeed(GenerateSeedRequest)
    case deriveSeed(DeriveSeedRequest)
    case validateSeed(ValidateSeedRequest)
    case genesisBoot(GenesisBootRequest)
    /// The answer to the last genesis boot, once more.
    case genesisAnswer
    case injectShares(InjectSharesRequest)
    case bootStandard(BootStandardRequest)
    case manifest
    case shareManifest(ShareManifestRequest)
    case generateAttestation(AttestationRequest)
    /// A nonce that makes one document fresh.
    case exportChallenge
    case exportKey(ExportKeyRequest)
    case injectKey(InjectKeyRequest)

    /// The name under which the phase table lists this operation.
    package var kind: OperationKind {
        switch self {
        case .info: .info
        case .generateSeed: .generateSeed
        case .deriveSeed: .deriveSeed
        case .validateSeed: .validateSeed
        case .genesisBoot: .genesisBoot
        case .genesisAnswer: .genesisAnswer
        case .injectShares: .injectShares
        case .bootStandard: .bootStandard
        case .manifest: .manifest
        case .shareManifest: .shareManifest
        case .generateAttestation: .generateAttestation
        case .exportChallenge: .exportChallenge
        case .exportKey: .exportKey
        case .injectKey: .injectKey
        }
    }

    func encodeRequest(into encoder: BinaryEncoder) throws(FrameError) {
        switch self {
        case .info, .genesisAnswer, .manifest, .exportChallenge: break
        case .generateSeed(let request): try encoder.encode(request)
        case .deriveSeed(let request): try encoder.encode(request)
        case .validateSeed(let request): try encoder.encode(request)
        case .genesisBoot(let request): try encoder.encode(request)
        case .injectShares(let request): try encoder.encode(request)
        case .bootStandard(let request): try encoder.encode(request)
        case .shareManifest(let request): try encoder.encode(request)
        case .generateAttestation(let request): try encoder.encode(request)
        case .exportKey(let request): try encoder.encode(request)
        case .injectKey(let request): try encoder.encode(request)
        }
    }

    /// Reads the request that belongs to a tag; `nil` for a tag that this version does not carry.
    init?(tag: UInt8, from decoder: BinaryDecoder) throws(FrameError) {
        switch OperationKind(rawValue: tag) {
        case .info: self = .info
        case .generateSeed: self = .generateSeed(try decoder.decode(GenerateSeedRequest.self))
        case .deriveSeed: self = .deriveSeed(try decoder.decode(DeriveSeedRequest.self))
        case .validateSeed: self = .validateSeed(try decoder.decode(ValidateSeedRequest.self))
        case .genesisBoot: self = .genesisBoot(try decoder.decode(GenesisBootRequest.self))
        case .genesisAnswer: self = .genesisAnswer
        case .injectShares: self = .injectShares(try decoder.decode(InjectSharesRequest.self))
        case .bootStandard: self = .bootStandard(try decoder.decode(BootStandardRequest.self))
        case .manifest: self = .manifest
        case .shareManifest: self = .shareManifest(try decoder.decode(ShareManifestRequest.self))
        case .generateAttestation: self = .generateAttestation(try decoder.decode(AttestationRequest.self))
        case .exportChallenge: self = .exportChallenge
        case .exportKey: self = .exportKey(try decoder.decode(ExportKeyRequest.self))
        case .injectKey: self = .injectKey(try decoder.decode(InjectKeyRequest.self))
        case nil: return nil
        }
    }
}
