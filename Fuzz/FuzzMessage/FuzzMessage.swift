// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FuzzKit
import Protocol

/// Decodes a message of either direction; whatever decodes must encode to the same bytes again.
///
/// Input: length of the secret part (`u16`, little-endian), then the plain part.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let secretCount = Int(input.integer())
    let plain = Array(input.rest)
    let head = Message.requestHead(ofPlainPrefix: plain)
    guard let message = try? Message(plain: plain, secretCount: secretCount) else { return 0 }

    if case .request(let decodedHead, let operation) = message {
        precondition(head == decodedHead, "the head alone is another than the head of the whole")
        if operation == nil { return 0 }
    } else {
        precondition(head == nil, "a head was read from what is no request")
    }
    precondition((try? message.encoded(secretCount: secretCount)) == plain, "it encodes to other bytes")
    precondition((try? message.encoded(secretCount: secretCount + 1)) == nil, "secrets are not counted")
    precondition((try? Message(plain: plain, secretCount: secretCount + 1)) == nil, "secret bytes are left over")
    precondition((try? Message(plain: plain.dropLast(), secretCount: secretCount)) == nil, "its end is not needed")
    precondition((try? Message(plain: plain + [0], secretCount: secretCount)) == nil, "bytes are left over")
    return 0
}
