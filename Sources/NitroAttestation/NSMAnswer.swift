// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation

/// What a Nitro Security Module answers.
enum NSMAnswer: Equatable {
    case module(NSMDescription)
    case register(NSMRegister)
    /// The new value of the register.
    case extended([UInt8])
    case locked
    case document([UInt8])
    case random([UInt8])
    case refused(SecurityModuleError.Refusal)
}

/// What a module says of itself.
struct NSMDescription: Equatable {
    var majorVersion: UInt16
    var moduleID: String
    var registerCount: UInt16
    /// Indices, in ascending order.
    var lockedRegisters: [UInt16]
}

/// A register (PCR).
struct NSMRegister: Equatable {
    /// 48 bytes.
    var value: [UInt8]
    var isLocked: Bool
}

// MARK: - Reading

extension NSMAnswer {
    /// Reads an answer in CBOR.
    ///
    /// The members of a map may come in any order, and its length may be indefinite, as in the documents of recent
    /// years; but each must be there once, and no other.
    ///
    /// - Throws: `malformed` for anything that no module of this kind answers.
    init(parsing bytes: [UInt8]) throws(CBORError) {
        var reader = CBORReader(bytes)
        self = try Self.read(&reader)
        try reader.finish()
    }

    private static func read(_ reader: inout CBORReader) throws(CBORError) -> NSMAnswer {
        var ahead = reader
        if let name = try? ahead.text() {
            guard name.utf8.elementsEqual("LockPCRs".utf8) else { throw .malformed }
            reader = ahead
            return .locked
        }
        var entries = try reader.map(1...1)
        guard try reader.next(of: &entries) else { throw .malformed }
        switch Kind(named: try reader.text()) {
        case .module: return .module(try NSMDescription(&reader))
        case .register: return .register(try NSMRegister(&reader))
        case .extended: return .extended(try reader.onlyMember(.data, NSMRegister.byteCounts))
        case .document: return .document(try reader.onlyMember(.document, 1...Int.max))
        case .random: return .random(try reader.onlyMember(.random, 1...Int.max))
        case .refused: return .refused(try refusal(&reader))
        case nil: throw .malformed
        }
    }

    private static func refusal(
        _ reader: inout CBORReader
    ) throws(CBORError) -> SecurityModuleError.Refusal {
        guard let refusal = SecurityModuleError.Refusal(rawValue: try reader.text()) else { throw .malformed }
        return refusal
    }

    private enum Kind: String, CaseIterable, NSMName {
        case module = "DescribeNSM"
        case register = "DescribePCR"
        case extended = "ExtendPCR"
        case document = "Attestation"
        case random = "GetRandom"
        case refused = "Error"
    }
}

extension NSMDescription {
    fileprivate init(_ reader: inout CBORReader) throws(CBORError) {
        self.init(majorVersion: 0, moduleID: "", registerCount: 0, lockedRegisters: [])
        try reader.members(Set(NSMMember.ofDescription)) { member, reader throws(CBORError) in
            switch member {
            case .majorVersion: majorVersion = try reader.short()
            case .minorVersion, .patchVersion: _ = try reader.short()
            case .moduleID: moduleID = try reader.text(1...Int.max)
            case .registerCount: registerCount = try reader.short()
            case .lockedRegisters: lockedRegisters = try reader.ascendingShorts()
            default: try reader.constant("SHA384")
            }
        }
    }
}

extension NSMRegister {
    /// SHA-384 is the only digest that is accepted.
    fileprivate static let byteCounts = 48...48

    fileprivate init(_ reader: inout CBORReader) throws(CBORError) {
        self.init(value: [], isLocked: false)
        try reader.members([.data, .lock]) { member, reader throws(CBORError) in
            if member == .data {
                value = try reader.bytes(Self.byteCounts)
            } else {
                isLocked = try reader.bool()
            }
        }
    }
}
