// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A variable of the application's environment.
package struct PivotVariable: Sendable {
    /// The most variables of a pivot.
    static let mostVariables = 512
    /// The most bytes of a name.
    static let mostNameBytes = 1_024
    /// The most bytes of a value, in UTF-8.
    static let mostValueBytes = 65_536

    package let name: String
    package let value: String

    /// A variable by QuorumOS's rules.
    ///
    /// - Throws: ``QuorumError/badPivotEnvironment`` where the name is not a letter or `_` followed by letters, digits
    ///   and `_` (all ASCII, at most 1,024), or the value has a NUL or more than 65,536 bytes.
    package init(name: String, value: String) throws(QuorumError) {
        guard Self.isName(name.utf8), value.utf8.count <= Self.mostValueBytes, !value.utf8.contains(0) else {
            throw .badPivotEnvironment
        }
        self.name = name
        self.value = value
    }

    private static func isName(_ bytes: String.UTF8View) -> Bool {
        guard let first = bytes.first, !isDigit(first), bytes.count <= mostNameBytes else { return false }
        return bytes.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}

extension PivotVariable: Equatable {
    /// Texts are compared byte for byte.
    package static func == (left: PivotVariable, right: PivotVariable) -> Bool {
        left.name.isSameText(as: right.name) && left.value.isSameText(as: right.value)
    }
}

extension [PivotVariable] {
    /// The variables by name, as they are hashed.
    ///
    /// - Throws: ``QuorumError/badPivotEnvironment`` for more than 512, or two of one name.
    func byName() throws(QuorumError) -> [PivotVariable] {
        guard count <= PivotVariable.mostVariables else { throw .badPivotEnvironment }
        let ordered = sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (variable, next) in zip(ordered, ordered.dropFirst()) where variable.name.isSameText(as: next.name) {
            throw .badPivotEnvironment
        }
        return ordered
    }
}
