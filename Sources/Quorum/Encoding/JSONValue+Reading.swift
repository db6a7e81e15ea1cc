// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// Reading what a schema asks for. Everything here throws `malformedManifest` for a value of another kind.
extension JSONValue {
    /// A member that must be there; it may be `null`.
    package func required(_ name: String) throws(QuorumError) -> JSONValue {
        guard case .object = self, let value = member(name) else { throw .malformedManifest }
        return value
    }

    /// A member that may be missing: nil then, and where it is `null`.
    package func optional(_ name: String) throws(QuorumError) -> JSONValue? {
        guard case .object = self else { throw .malformedManifest }
        guard let value = member(name), value != .null else { return nil }
        return value
    }

    /// The members of an object, in the order sent.
    package func members() throws(QuorumError) -> [JSONMember] {
        guard case .object(let members) = self else { throw .malformedManifest }
        return members
    }

    /// The elements of an array.
    package func elements() throws(QuorumError) -> [JSONValue] {
        guard case .array(let elements) = self else { throw .malformedManifest }
        return elements
    }

    /// A string.
    package func text() throws(QuorumError) -> String {
        guard case .string(let text) = self else { throw .malformedManifest }
        return text
    }

    /// `true` or `false`; no word for it in a string.
    package func boolean() throws(QuorumError) -> Bool {
        guard case .bool(let bool) = self else { throw .malformedManifest }
        return bool
    }

    /// An integer from 0 to `max`, as a number or as a string of decimal digits, of which the first may be zeros and
    /// before which a `+` may stand.
    package func unsigned(max: UInt64) throws(QuorumError) -> UInt64 {
        let value: UInt64? =
            switch self {
            case .integer(let integer): integer.uint64
            case .string(let text): Self.decimal(text)
            default: nil
            }
        guard let value, value <= max else { throw .malformedManifest }
        return value
    }

    private static func decimal(_ text: String) -> UInt64? {
        var digits = text.utf8[...]
        if digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        var decimal = DecimalAccumulator()
        for byte in digits {
            guard decimal.append(byte) else { return nil }
        }
        return digits.isEmpty ? nil : decimal.value
    }

    /// Bytes as a hexadecimal string.
    ///
    /// - Parameter count: how many bytes it must be; nil for any number.
    /// - Throws: `malformedHex` where the string is not hexadecimal or not of that length.
    package func hexBytes(count: Int? = nil) throws(QuorumError) -> [UInt8] {
        let text = try text()
        // Two digits a byte and a prefix: what is too long is not decoded first.
        if let count, text.utf8.count > 2 * count + 2 { throw .malformedHex }
        guard let bytes = Hex.decode(text), count == nil || bytes.count == count else { throw .malformedHex }
        return bytes
    }
}
