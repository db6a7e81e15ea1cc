// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The result that belongs to each operation; its tag is the operation's, so a wrong pairing does not decode.
package enum Reply: Equatable, Sendable {
    case info(EnclaveInfo)
    case seed(SeedResult)
    case verdict(SeedVerdict)
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
        default: throw .malformed
        }
    }
}
