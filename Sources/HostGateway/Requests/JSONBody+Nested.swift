// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore

// MARK: Objects and lists inside a body

extension JSONBody {
    /// The object of a field, to be read as strictly as the body itself, nil when absent.
    ///
    /// Throws `wrong_type`, or `unknown_field` for the first field in it that `fields` does not name.
    func fields(_ name: String, allowing fields: [String]) throws(RequestError) -> JSONBody? {
        guard let member = try member(name, as: .object, "an object", nullable: false) else { return nil }
        return try object(at: member.value, allowing: fields, path: path(name))
    }

    /// The objects of a list, nil when absent.
    ///
    /// Throws `wrong_type`, `out_of_range` for a list of another length, or `unknown_field`.
    func list(
        _ name: String,
        count: ClosedRange<Int>,
        allowing fields: [String]
    ) throws(RequestError) -> [JSONBody]? {
        guard let elements = try elements(name, "a list of objects", atMost: count.upperBound) else { return nil }
        guard count.contains(elements.count) else {
            throw .outOfRange(path(name), expected: "a list of \(count.lowerBound) to \(count.upperBound)")
        }
        var objects: [JSONBody] = []
        objects.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            let path = "\(path(name))[\(index)]"
            guard element.kind == .object else { throw .wrongType(path, expected: "an object") }
            objects.append(try object(at: element.range, allowing: fields, path: path))
        }
        return objects
    }

    /// The texts of a list, none of which is a secret, nil when absent.
    ///
    /// Throws `wrong_type`, or `out_of_range` for a longer list than `limit`.
    func strings(_ name: String, atMost limit: Int) throws(RequestError) -> [String]? {
        guard let elements = try elements(name, "a list of strings", atMost: limit) else { return nil }
        guard elements.count <= limit else {
            throw .outOfRange(path(name), expected: "a list of at most \(limit)")
        }
        var strings: [String] = []
        strings.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard element.kind == .string else {
                throw .wrongType("\(path(name))[\(index)]", expected: "a string")
            }
            let text = JSONText(string: element.range).unescaped(in: bytes.readableBytesUInt8Span)
            strings.append(String(decoding: text, as: UTF8.self))
        }
        return strings
    }

    /// The elements of a list, or so many of them that it is seen to be too long.
    func elements(
        _ name: String,
        _ expected: StaticString,
        atMost limit: Int
    ) throws(RequestError) -> [JSONWalker.Value]? {
        guard let member = try member(name, as: .array, expected, nullable: false) else { return nil }
        let bytes = bytes.readableBytesUInt8Span
        var walker = JSONWalker(in: member.value)
        var elements: [JSONWalker.Value] = []
        while elements.count <= limit, let element = walker.nextElement(bytes) {
            elements.append(element)
        }
        return elements
    }

    private func object(
        at range: Range<Int>,
        allowing fields: [String],
        path: String
    ) throws(RequestError) -> JSONBody {
        let span = bytes.readableBytesUInt8Span
        var walker = JSONWalker(in: range)
        var members: [JSONMember] = []
        while let (key, value) = walker.nextMember(span) {
            guard let name = key.first(of: fields, in: span) else {
                if passesOver { continue }
                throw .unknownField(key.shown(in: span), in: path, among: fields)
            }
            members.append(JSONMember(name: name, kind: value.kind, value: value.range))
        }
        return JSONBody(members, allowing: fields, path: path, in: self)
    }
}

// MARK: Which fields stand together

extension JSONBody {
    /// The value of a field that must be there. Throws `missing_field`.
    func required<Value>(_ name: String, _ value: Value?) throws(RequestError) -> Value {
        guard let value else { throw .missingField(path(name)) }
        return value
    }

    /// Refuses the first field, in the order sent, that is none of these, as though it were not known at all.
    func allowOnly(_ names: [String]) throws(RequestError) {
        for member in members where !names.contains(member.name) {
            throw .unknownField(member.name, in: path, among: names)
        }
    }

    /// Refuses a field that says the same as another one which is there.
    func refuse(_ name: String, beside other: String) throws(RequestError) {
        guard isPresent(name), isPresent(other) else { return }
        throw RequestError(
            .unknownField, field: path(name),
            message: "The field \"\(path(name))\" cannot stand beside \"\(path(other))\".")
    }
}
