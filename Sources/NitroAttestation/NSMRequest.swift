// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation

/// What can be asked of a Nitro Security Module.
///
/// One without arguments is its name as text; any other is a map from its name to a map of its arguments.
enum NSMRequest: Equatable {
    case describeModule
    case describeRegister(UInt16)
    case extendRegister(UInt16, data: [UInt8])
    /// Locks all registers below an index.
    case lockRegisters(below: UInt16)
    case attestation(userData: [UInt8]?, nonce: [UInt8]?, publicKey: [UInt8]?)
    case random

    /// The request in CBOR.
    var encoded: [UInt8] {
        var writer = CBORWriter()
        switch self {
        case .describeModule:
            writer.text("DescribeNSM")
        case .describeRegister(let index):
            writer.begin("DescribePCR", count: 1)
            writer.member("index", index)
        case .extendRegister(let index, let data):
            writer.begin("ExtendPCR", count: 2)
            writer.member("index", index)
            writer.member("data", data)
        case .lockRegisters(let index):
            writer.begin("LockPCRs", count: 1)
            writer.member("range", index)
        case .attestation(let userData, let nonce, let publicKey):
            writer.begin("Attestation", count: 3)
            writer.member("user_data", userData)
            writer.member("nonce", nonce)
            writer.member("public_key", publicKey)
        case .random:
            writer.text("GetRandom")
        }
        return writer.bytes
    }
}

extension CBORWriter {
    fileprivate mutating func begin(_ name: String, count: Int) {
        map(count: 1)
        text(name)
        map(count: count)
    }

    fileprivate mutating func member(_ name: String, _ value: UInt16) {
        text(name)
        unsigned(UInt64(value))
    }

    fileprivate mutating func member(_ name: String, _ value: [UInt8]?) {
        text(name)
        if let value { bytes(value) } else { null() }
    }
}
