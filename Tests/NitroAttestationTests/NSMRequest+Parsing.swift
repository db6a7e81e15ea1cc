// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation

@testable import NitroAttestation

extension NSMRequest {
    /// Reads a request as a module does.
    init(parsing bytes: [UInt8]) throws(CBORError) {
        var reader = CBORReader(bytes)
        self = try Self.read(&reader)
        try reader.finish()
    }

    private static func read(_ reader: inout CBORReader) throws(CBORError) -> NSMRequest {
        var ahead = reader
        if let name = try? ahead.text() {
            reader = ahead
            switch name {
            case "DescribeNSM": return .describeModule
            case "GetRandom": return .random
            default: throw .malformed
            }
        }
        _ = try reader.map(1...1)
        switch try reader.text() {
        case "DescribePCR":
            return .describeRegister(try reader.members(1).index("index"))
        case "ExtendPCR":
            let members = try reader.members(2)
            return .extendRegister(try members.index("index"), data: try members.bytes("data") ?? [])
        case "LockPCRs":
            return .lockRegisters(below: try reader.members(1).index("range"))
        case "Attestation":
            let members = try reader.members(3)
            return .attestation(
                userData: try members.bytes("user_data"),
                nonce: try members.bytes("nonce"),
                publicKey: try members.bytes("public_key")
            )
        default:
            throw .malformed
        }
    }
}

private struct RequestMembers {
    var numbers: [String: UInt64] = [:]
    var byteStrings: [String: [UInt8]?] = [:]

    func index(_ name: String) throws(CBORError) -> UInt16 {
        guard let number = numbers[name], let index = UInt16(exactly: number) else { throw .malformed }
        return index
    }

    func bytes(_ name: String) throws(CBORError) -> [UInt8]? {
        guard let bytes = byteStrings[name] else { throw .malformed }
        return bytes
    }
}

extension CBORReader {
    fileprivate mutating func members(_ count: Int) throws(CBORError) -> RequestMembers {
        var entries = try map(count...count)
        var members = RequestMembers()
        while try next(of: &entries) {
            let name = try text()
            var ahead = self
            if takeNull() {
                members.byteStrings.updateValue(nil, forKey: name)
            } else if let number = try? ahead.unsigned() {
                members.numbers[name] = number
                self = ahead
            } else {
                members.byteStrings.updateValue(try bytes(), forKey: name)
            }
        }
        return members
    }
}
