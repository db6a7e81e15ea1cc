// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

extension AttestationRequest {
    /// PCR0 to PCR3, where they stand at the top level.
    private static let registerFields = ["pcr0", "pcr1", "pcr2", "pcr3"]

    /// Reads the body of `POST /enclave/generate-attestation`, which may be absent: what is not said, or said without
    /// a byte, is whatever the enclave has.
    ///
    /// - Throws: ``RequestError`` for the first field that is wrong.
    init(_ bytes: ByteBuffer) throws(RequestError) {
        let body = try JSONBody(bytes, allowing: ["manifest_hash", "pcr_values", "nonce"] + Self.registerFields)
        let hash = try body.bytesOrNone("manifest_hash", count: 32)
        self.init(
            // A hash that is not known is often written as zeros, and is no manifest's.
            manifestHash: hash.flatMap { $0.allSatisfy { $0 == 0 } ? nil : $0 },
            registers: try Self.registers(body),
            nonce: try body.bytes("nonce", count: Limits.attestationNonceBytes)
        )
    }

    /// What a field of the request is called in a body that was read: registers may stand there under names of their
    /// own.
    static func name(of field: String, in bytes: ByteBuffer) -> String {
        guard let index = registerFields.indices.first(where: { field == "pcr_values[\($0)]" }),
            let body = try? JSONBody(bytes, allowing: ["manifest_hash", "pcr_values", "nonce"] + registerFields),
            body.isPresent(registerFields[index])
        else { return field }
        return registerFields[index]
    }

    /// Four registers from one list or from fields of their own, or none.
    private static func registers(_ body: JSONBody) throws(RequestError) -> [[UInt8]] {
        let named = registerFields.first { body.isPresent($0) }
        if let list = try body.bytesOrNone(inList: "pcr_values", of: registerFields.count, count: Limits.registerBytes)
        {
            guard let named else { return list }
            throw RequestError(
                .outOfRange, field: named, message: "The field \"\(named)\" cannot stand beside \"pcr_values\".")
        }
        guard named != nil else { return [] }
        var registers: [[UInt8]] = []
        for field in registerFields {
            registers.append(try body.bytesOrNone(field, count: Limits.registerBytes) ?? [])
        }
        return registers
    }
}
