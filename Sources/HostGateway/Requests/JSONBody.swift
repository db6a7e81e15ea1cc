// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import NIOCore

/// The JSON object of a request body, or one inside it, checked as a whole and decoded field by field on demand.
///
/// One scan settles grammar (RFC 8259, strictly), UTF-8, depth and duplicate keys of the whole document, and that every
/// field at the top level is allowed. Of each field it keeps the name, the kind and where its value lies in the body,
/// so a passphrase or a phrase is copied only when ``text(_:nullable:)`` is asked for it, and never into a `String`.
/// A body of no bytes reads as an object without fields. Printing one shows nothing of the body.
package struct JSONBody: Sendable {
    /// The whole body, also of an object inside it.
    let bytes: ByteBuffer
    let members: [JSONMember]
    let fields: [String]
    /// Whether fields that are not known are passed over, here and in the objects inside.
    let passesOver: Bool
    /// Where this object is: empty for the body itself, else such as `shares[1]`.
    let path: String

    /// Checks the readable bytes of `bytes`; `fields` are the names that the top-level object may have.
    ///
    /// What is no JSON is refused first, then a duplicate key, then an unknown field.
    /// Throws `invalid_json`, `wrong_type` (no object), `duplicate_key` or `unknown_field`.
    package init(_ bytes: ByteBuffer, allowing fields: [String]) throws(RequestError) {
        try self.init(bytes, fields, passesOver: false)
    }

    /// Checks the readable bytes of an answer as strictly, but passes over fields that `fields`, or those named for an
    /// object inside, do not have: a later version may say more.
    ///
    /// Throws `invalid_json`, `wrong_type` (no object) or `duplicate_key`.
    package init(_ bytes: ByteBuffer, reading fields: [String]) throws(RequestError) {
        try self.init(bytes, fields, passesOver: true)
    }

    private init(_ bytes: ByteBuffer, _ fields: [String], passesOver: Bool) throws(RequestError) {
        self.bytes = bytes
        self.fields = fields
        self.passesOver = passesOver
        path = ""
        guard bytes.readableBytes > 0 else {
            members = []
            return
        }
        var scanner = JSONScanner(fields: fields, passesOver: passesOver)
        members = try scanner.document(bytes.readableBytesUInt8Span)
    }

    /// An object inside a body that has been checked.
    init(_ members: [JSONMember], allowing fields: [String], path: String, in body: JSONBody) {
        bytes = body.bytes
        passesOver = body.passesOver
        self.members = members
        self.fields = fields
        self.path = path
    }

    /// The field's name in errors: the way from the body to it, such as `shares[1].member_alias`.
    func path(_ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    func member(_ name: String) -> JSONMember? {
        for member in members where member.name == name {
            return member
        }
        assert(fields.contains(name), "a field is read that the body may not have")
        return nil
    }

    func member(
        _ name: String, as kind: JSONKind, _ expected: StaticString, nullable: Bool
    ) throws(RequestError) -> JSONMember? {
        guard let member = member(name) else { return nil }
        if member.kind == kind { return member }
        if nullable, member.kind == .null { return nil }
        throw .wrongType(path(name), expected: expected)
    }
}

// MARK: Fields

extension JSONBody {
    /// Whether the field is there; `null` counts as absent where the field is `nullable`.
    package func isPresent(_ name: String, nullable: Bool = false) -> Bool {
        guard let member = member(name) else { return false }
        return !(nullable && member.kind == .null)
    }

    /// The integer of a field, nil when absent. `256`, `256.0` and `2.56e2` are the same integer.
    ///
    /// Throws `wrong_type` for anything but a whole number and `out_of_range` for one outside `range`, however large.
    package func integer(_ name: String, in range: ClosedRange<Int64>) throws(RequestError) -> Int64? {
        guard let member = try member(name, as: .number, "an integer", nullable: false) else { return nil }
        switch JSONInteger(reading: bytes.readableBytesUInt8Span.extracting(member.value)) {
        case .value(let value) where range.contains(value):
            return value
        case .value, .beyond64Bits:
            throw .outOfRange(path(name), expected: "from \(range.lowerBound) to \(range.upperBound)")
        case .fractional:
            throw .wrongType(path(name), expected: "an integer")
        }
    }

    /// The unescaped UTF-8 bytes of a string field, nil when absent. Throws `wrong_type`.
    package func text(_ name: String, nullable: Bool = false) throws(RequestError) -> [UInt8]? {
        guard let member = try member(name, as: .string, "a string", nullable: nullable) else { return nil }
        return JSONText(string: member.value).unescaped(in: bytes.readableBytesUInt8Span)
    }

    /// A string field that is no secret, nil when absent. Throws `wrong_type`.
    package func string(_ name: String, nullable: Bool = false) throws(RequestError) -> String? {
        guard let text = try text(name, nullable: nullable) else { return nil }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of an object field as they were sent, nil when absent. Throws `wrong_type`.
    package func object(_ name: String, nullable: Bool = false) throws(RequestError) -> ByteBuffer? {
        try member(name, as: .object, "an object", nullable: nullable).flatMap(slice)
    }

    /// The bytes of a field's value as they were sent, whatever its type, nil when absent or when `null` is sent for
    /// a `nullable` field.
    package func raw(_ name: String, nullable: Bool = false) -> ByteBuffer? {
        guard let member = member(name), !(nullable && member.kind == .null) else { return nil }
        return slice(member)
    }

    private func slice(_ member: JSONMember) -> ByteBuffer? {
        bytes.getSlice(at: bytes.readerIndex + member.value.lowerBound, length: member.value.count)
    }
}

// MARK: Printing

extension JSONBody: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name of the type and nothing of the body.
    package var description: String { "JSONBody" }
    /// The same as the description.
    package var debugDescription: String { description }
    /// Without children.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
