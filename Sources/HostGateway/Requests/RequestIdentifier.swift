// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Synchronization

/// Names for requests: the client's own where it is safe to repeat, else one of ours.
final class RequestIdentifier: Sendable {
    /// Six random characters, so that two gateways' identifiers differ; with the counter it stays a small string.
    private let prefix: String
    private let counter = Atomic<UInt64>(0)

    init() {
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        prefix = String((0..<6).map { _ in digits[Int.random(in: 0..<digits.count)] }) + "-"
    }

    /// The identifier of a request.
    ///
    /// - Parameter proposed: the client's `X-Request-Id`; kept if it is 1 to 128 of `[A-Za-z0-9._-]`.
    func identifier(proposed: String?) -> String {
        if let proposed, Self.isSafe(proposed) { return proposed }
        return prefix + String(counter.wrappingAdd(1, ordering: .relaxed).newValue, radix: 36)
    }

    static func isSafe(_ text: String) -> Bool {
        Limits.requestIdentifierBytes.contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
