// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation

@testable import NitroAttestation

/// The answers of a module, in CBOR.
enum Answers {
    static let locked = written { $0.text("LockPCRs") }

    static func refused(_ name: String) -> [UInt8] {
        written { writer in
            writer.map(count: 1)
            writer.text("Error")
            writer.text(name)
        }
    }

    static func register(_ register: NSMRegister) -> [UInt8] {
        answer("DescribePCR", 2) { writer in
            writer.text("lock")
            writer.bool(register.isLocked)
            writer.text("data")
            writer.bytes(register.value)
        }
    }

    static func extended(_ value: [UInt8]) -> [UInt8] {
        bytes("ExtendPCR", "data", value)
    }

    static func document(_ document: [UInt8]) -> [UInt8] {
        bytes("Attestation", "document", document)
    }

    static func random(_ value: [UInt8]) -> [UInt8] {
        bytes("GetRandom", "random", value)
    }

    static func description(_ state: NSMDouble.State) -> [UInt8] {
        answer("DescribeNSM", 7) { writer in
            writer.text("version_major")
            writer.unsigned(state.majorVersion)
            writer.text("version_minor")
            writer.unsigned(0)
            writer.text("version_patch")
            writer.unsigned(0)
            writer.text("module_id")
            writer.text("i-1234-enc5678")
            writer.text("max_pcrs")
            writer.unsigned(state.registerCount)
            writer.text("locked_pcrs")
            let locked = state.registers.indices.filter { state.registers[$0].isLocked }
            writer.array(count: locked.count)
            for index in locked { writer.unsigned(UInt64(index)) }
            writer.text("digest")
            writer.text(state.digest)
        }
    }

    /// A document of the right form, with a signature that is none.
    static func attestation(
        _ timestamp: UInt64, _ registers: [NSMRegister], userData: [UInt8]?, nonce: [UInt8]?, publicKey: [UInt8]?
    ) -> [UInt8] {
        let payload = written { writer in
            writer.map(count: 9)
            writer.text("module_id")
            writer.text("i-1234-enc5678")
            writer.text("digest")
            writer.text("SHA384")
            writer.text("timestamp")
            writer.unsigned(timestamp)
            writer.text("pcrs")
            let locked = registers.indices.filter { registers[$0].isLocked }
            writer.map(count: locked.count)
            for index in locked {
                writer.unsigned(UInt64(index))
                writer.bytes(registers[index].value)
            }
            writer.text("certificate")
            writer.bytes([0x30, 0x00])
            writer.text("cabundle")
            writer.array(count: 2)
            writer.bytes(NSMDouble.root)
            writer.bytes([0x30, 0x02, 0x00, 0x00])
            for (name, value) in [("public_key", publicKey), ("user_data", userData), ("nonce", nonce)] {
                writer.text(name)
                if let value { writer.bytes(value) } else { writer.null() }
            }
        }
        return COSESign1.encode(payload: payload, signature: [UInt8](repeating: 0, count: 96))
    }

    private static func bytes(_ name: String, _ member: String, _ value: [UInt8]) -> [UInt8] {
        answer(name, 1) { writer in
            writer.text(member)
            writer.bytes(value)
        }
    }

    private static func answer(_ name: String, _ count: Int, _ members: (inout CBORWriter) -> Void) -> [UInt8] {
        written { writer in
            writer.map(count: 1)
            writer.text(name)
            writer.map(count: count)
            members(&writer)
        }
    }

    private static func written(_ write: (inout CBORWriter) -> Void) -> [UInt8] {
        var writer = CBORWriter()
        write(&writer)
        return writer.bytes
    }
}
