// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FuzzKit
import Quorum

/// Reads a JSON document as QuorumOS does; both forms in which an accepted one is written must be read as the same.
///
/// Input: the document.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe FuzzInput(start, count)
    guard let value = try? JSONValue(parsing: Array(input.rest)) else { return 0 }
    checkCompact(value)
    checkCanonical(value)
    return 0
}

/// The compact form says everything, and needs its end.
private func checkCompact(_ value: JSONValue) {
    let compact = value.compact()
    precondition((try? JSONValue(parsing: compact)) == value, "the compact form is read as another value")
    let spaced = Array(" \n".utf8) + compact + Array("\r\t".utf8)
    precondition((try? JSONValue(parsing: spaced)) == value, "white space around a value matters")
    precondition((try? JSONValue(parsing: compact + Array("0".utf8))) != value, "what follows a value is ignored")
    switch value {
    case .integer: break
    default:
        precondition((try? JSONValue(parsing: compact.dropLast())) == nil, "the end of a value is not needed")
    }
}

/// The canonical form is its own canonical form, and that of the compact one.
private func checkCanonical(_ value: JSONValue) {
    let canonical = value.canonical()
    guard let again = try? JSONValue(parsing: canonical) else {
        preconditionFailure("the canonical form is no JSON")
    }
    precondition(again.canonical() == canonical, "the canonical form has another one")
    precondition(again.compact() == canonical, "the canonical form is not compact")
    checkCanonicalParts(again)
}

/// No number is left and no member that is null, and members are in order.
private func checkCanonicalParts(_ value: JSONValue) {
    switch value {
    case .integer:
        preconditionFailure("a number in the canonical form")
    case .array(let elements):
        elements.forEach(checkCanonicalParts)
    case .object(let members):
        for (member, next) in zip(members, members.dropFirst()) {
            precondition(member.name.utf16.lexicographicallyPrecedes(next.name.utf16), "members out of order")
        }
        for member in members {
            precondition(member.value != .null, "a member that is null in the canonical form")
            checkCanonicalParts(member.value)
        }
    case .null, .bool, .string:
        break
    }
}
