// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FuzzKit
import NIOCore
import Protocol

@testable import HostGateway

/// Reads a request body as every route does, and what it accepts in a second way.
///
/// Input: the body.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe FuzzInput(start, count)
    // Not at the start of its buffer, as bodies from the network are not.
    var body = ByteBuffer(bytes: [UInt8(ascii: "{")] + input.rest)
    body.moveReaderIndex(forwardBy: 1)
    do throws(RequestError) {
        let json = try JSONBody(body, allowing: SeedFields.names)
        checkTexts(json)
        checkIntegers(json)
        checkObjects(json)
        try checkRequest(json)
    } catch {
        checkError(error)
    }
    return 0
}

private enum SeedFields {
    static let names = ["strength", "passphrase", "language", "seed_type", "seed_data", "seed_phrase"]
}

/// What the gateway makes of a body must be what the enclave reads in the frame.
private func checkRequest(_ json: JSONBody) throws(RequestError) {
    let request = try SeedRequest(json)
    let head = RequestHead(identifier: 1, deadlineMilliseconds: 1, requestIdentifier: "fuzz")
    let message = Message.request(head, request.operation)
    let secretCount = request.passphrase?.count ?? 0
    guard let plain = try? message.encoded(secretCount: secretCount) else {
        preconditionFailure("a request cannot be encoded")
    }
    precondition((try? Message(plain: plain, secretCount: secretCount)) == message, "the enclave reads another request")
}

/// A text is UTF-8, and written by the gateway it is read as the same text.
private func checkTexts(_ json: JSONBody) {
    for name in SeedFields.names {
        guard let text = (try? json.text(name)).flatMap(\.self) else { continue }
        guard let string = String(validating: text, as: UTF8.self) else {
            preconditionFailure("a text is not UTF-8")
        }
        var body = ByteBuffer(string: #"{"seed_data":"#)
        JSONString.write(string, to: &body)
        body.writeString("}")
        let again = try? JSONBody(body, allowing: ["seed_data"]).text("seed_data")
        precondition(again == text, "a text that was written is read as another")
    }
}

/// Integers without fraction and exponent are what Swift reads in them.
private func checkIntegers(_ json: JSONBody) {
    for name in SeedFields.names {
        guard let raw = json.raw(name).map({ String(buffer: $0) }) else { continue }
        guard raw.allSatisfy({ $0 == "-" || ("0"..."9").contains($0) }) else {
            _ = try? json.integer(name, in: Int64.min...Int64.max)
            continue
        }
        precondition((try? json.integer(name, in: Int64.min...Int64.max)) == Int64(raw), "an integer is misread")
    }
}

/// An object inside the body is an object by itself: nothing but its own fields can be wrong with it.
private func checkObjects(_ json: JSONBody) {
    for name in SeedFields.names {
        guard let object = (try? json.object(name)).flatMap(\.self) else { continue }
        do throws(RequestError) {
            _ = try JSONBody(object, allowing: [])
        } catch {
            precondition(error.reason == .unknownField, "an object that was accepted is refused")
        }
    }
}

/// Errors are short and in visible ASCII, whatever the body was.
private func checkError(_ error: RequestError) {
    let reasons: [RequestError.Reason] = [
        .invalidJSON, .duplicateKey, .missingField, .unknownField, .wrongType, .outOfRange,
    ]
    precondition(reasons.contains(error.reason), "a reason that is none for a body")
    // Names of 64 characters at most, 32 levels deep, with an index between any two.
    let longest = JSONScanner.maximumDepth * (64 + 1 + 22)
    for text in [error.field ?? "", error.message, error.hint ?? ""] {
        precondition(text.utf8.count <= longest + 100, "a long error")
        precondition(text.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "an error that is not visible ASCII")
    }
}
