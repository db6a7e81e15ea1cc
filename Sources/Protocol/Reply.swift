// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The result that belongs to each operation; its tag is that of the operation, or of the first of two that share a
/// result, so a wrong pairing does not decode.
package enum Reply: Equatable, Sendable {
    case info(EnclaveInfo)
    case seed(SeedResult)
    case verdict(SeedVerdict)
    case genesis(GenesisAnswer)
    case shares(InjectSharesResult)
    case booted(BootStandardResult)
    case manifest(HeldManifest)
    case manifestShared(ShareManifestResult)
    case attestation(AttestationResult)
    case challenge(ExportChallenge)
    case exportedKey(ExportedKey)
    case keyInjected(InjectKeyResult)
    case refused(EnclaveError)

    /// Not a tag of any operation.
    private static let refusedTag: UInt8 = 0

    func encode(into encoder: BinaryEncoder) throws(FrameError) {
        switch self {
        case .info(let info):
            encoder.append(OperationKind.info.rawValue)
            try encoder.encode(info)
        case .seed(let result):
            encoder.append(OperationKind.generateSeed.rawValue)
            try encoder.encode(result)
        case .verdict(let verdict):
            encoder.append(OperationKind.validateSeed.rawValue)
            try encoder.encode(verdict)
        case .genesis(let answer):
            encoder.append(OperationKind.genesisBoot.rawValue)
            try encoder.encode(answer)
        case .shares(let result):
            encoder.append(OperationKind.injectShares.rawValue)
            try encoder.encode(result)
        case .booted(let result):
            encoder.append(OperationKind.bootStandard.rawValue)
            try encoder.encode(result)
        case .manifest(let manifest):
            encoder.append(OperationKind.manifest.rawValue)
            try encoder.encode(manifest)
        case .manifestShared(let result):
            encoder.append(OperationKind.shareManifest.rawValue)
            try encoder.encode(result)
        case .attestation(let result):
            encoder.append(OperationKind.generateAttestation.rawValue)
            try encoder.encode(result)
        case .challenge(let challenge):
            encoder.append(OperationKind.exportChallenge.rawValue)
            try encoder.encode(challenge)
        case .exportedKey(let key):
            encoder.append(OperationKind.exportKey.rawValue)
            try encoder.encode(key)
        case .keyInjected(let result):
            encoder.append(OperationKind.injectKey.rawValue)
            try encoder.encode(result)
        case .refused(let error):
            encoder.append(Self.refusedTag)
            try encoder.encode(error)
        }
    }

    init(from decoder: BinaryDecoder) throws(FrameError) {
        let tag = try decoder.readInteger(UInt8.self)
        if tag == Self.refusedTag {
            self = .refused(try decoder.decode(EnclaveError.self))
            return
        }
        switch OperationKind(rawValue: tag) {
        case .info: self = .info(try decoder.decode(EnclaveInfo.self))
        case .generateSeed: self = .seed(try decoder.decode(SeedResult.self))
        case .validateSeed: self = .verdict(try decoder.decode(SeedVerdict.self))
        case .genesisBoot: self = .genesis(try decoder.decode(GenesisAnswer.self))
        case .injectShares: self = .shares(try decoder.decode(InjectSharesResult.self))
        case .bootStandard: self = .booted(try decoder.decode(BootStandardResult.self))
        case .manifest: self = .manifest(try decoder.decode(HeldManifest.self))
        case .shareManifest: self = .manifestShared(try decoder.decode(ShareManifestResult.self))
        case .generateAttestation: self = .attestation(try decoder.decode(AttestationResult.self))
        case .exportChallenge: self = .challenge(try decoder.decode(ExportChallenge.self))
        case .exportKey: self = .exportedKey(try decoder.decode(ExportedKey.self))
        case .injectKey: self = .keyInjected(try decoder.decode(InjectKeyResult.self))
        default: throw .malformed
        }
    }
}
