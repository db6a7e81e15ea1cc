// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// The measurements of a release, from its file: lines for PCR0, PCR1 and PCR2, each with the value before the name.
package struct PCRFile: Equatable, Sendable {
    /// 48 bytes each.
    package let pcr0: [UInt8]
    package let pcr1: [UInt8]
    package let pcr2: [UInt8]

    /// Reads lines that are each a value, one space and a name. Those after the third are not read, but none is empty.
    ///
    /// - Throws: ``QuorumError/malformedManifest`` where a line or its name is not as it must be;
    ///   ``QuorumError/malformedHex`` where a value is not 96 digits.
    package init(parsing bytes: [UInt8]) throws(QuorumError) {
        let lines = FileLines.split(bytes)
        guard lines.count >= 3, lines.allSatisfy({ !$0.isEmpty }) else { throw .malformedManifest }
        pcr0 = try Self.value(in: lines[0], named: "PCR0")
        pcr1 = try Self.value(in: lines[1], named: "PCR1")
        pcr2 = try Self.value(in: lines[2], named: "PCR2")
    }

    private static func value(in line: ArraySlice<UInt8>, named name: String) throws(QuorumError) -> [UInt8] {
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 2, words[1].elementsEqual(name.utf8) else { throw .malformedManifest }
        guard words[0].count == 2 * PCR.byteCount, let text = String(validating: words[0], as: UTF8.self),
            let value = Hex.decode(text), value.count == PCR.byteCount
        else { throw .malformedHex }
        return value
    }
}
