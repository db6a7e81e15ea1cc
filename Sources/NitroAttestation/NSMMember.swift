// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation

/// A name in an answer, which is one only byte for byte: `init(rawValue:)` would take other spellings of equal text.
protocol NSMName: CaseIterable, RawRepresentable<String> {}

extension NSMName {
    init?(named name: String) {
        guard let match = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) }) else { return nil }
        self = match
    }
}

/// The members of the maps in answers.
enum NSMMember: String, CaseIterable, NSMName {
    case majorVersion = "version_major"
    case minorVersion = "version_minor"
    case patchVersion = "version_patch"
    case moduleID = "module_id"
    case registerCount = "max_pcrs"
    case lockedRegisters = "locked_pcrs"
    case digest
    case lock
    case data
    case document
    case random

    static let ofDescription: [NSMMember] = [
        .majorVersion, .minorVersion, .patchVersion, .moduleID, .registerCount, .lockedRegisters, .digest,
    ]
}

extension CBORReader {
    /// Reads a map that has each of these members once, in any order, and no other.
    mutating func members(
        _ expected: Set<NSMMember>,
        _ read: (NSMMember, inout CBORReader) throws(CBORError) -> Void
    ) throws(CBORError) {
        var missing = expected
        var entries = try map(mayBeIndefinite: true)
        while try next(of: &entries) {
            guard let member = NSMMember(named: try text()), missing.remove(member) != nil else { throw .malformed }
            try read(member, &self)
        }
        guard missing.isEmpty else { throw .malformed }
    }

    /// Reads a map of one member, whose value is bytes.
    mutating func onlyMember(_ member: NSMMember, _ counts: ClosedRange<Int>) throws(CBORError) -> [UInt8] {
        var value: [UInt8] = []
        try members([member]) { _, reader throws(CBORError) in value = try reader.bytes(counts) }
        return value
    }

    /// An integer of 16 bits.
    mutating func short() throws(CBORError) -> UInt16 {
        guard let value = UInt16(exactly: try unsigned()) else { throw .malformed }
        return value
    }

    /// A set of integers of 16 bits, which is written as an array.
    mutating func ascendingShorts() throws(CBORError) -> [UInt16] {
        var elements = try array()
        var values: [UInt16] = []
        while try next(of: &elements) {
            let value = try short()
            guard values.last.map({ $0 < value }) ?? true else { throw .malformed }
            values.append(value)
        }
        return values
    }

    /// One text and no other.
    mutating func constant(_ text: String) throws(CBORError) {
        guard try self.text().utf8.elementsEqual(text.utf8) else { throw .malformed }
    }
}
