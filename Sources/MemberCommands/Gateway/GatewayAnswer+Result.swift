// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

extension GatewayAnswer {
    /// The result in an answer of the wrapped form, `{"id":…,"result":{"<name>":{…}}}`.
    ///
    /// - Throws: ``CommandFailure``: what the gateway refused, or an answer of another form.
    func result(_ name: String, from address: GatewayAddress) throws(CommandFailure) -> JSONValue {
        guard status == 200 else { throw refusal(from: address) }
        guard let json = try? JSONValue(parsing: body), let result = json.member("result")?.member(name) else {
            throw notUnderstood(from: address)
        }
        return result
    }

    /// The result as a value of its own; what does not read as one is an answer of another form.
    func result<Value>(
        _ name: String,
        from address: GatewayAddress,
        _ read: (JSONValue) throws(QuorumError) -> Value
    ) throws(CommandFailure) -> Value {
        let result = try result(name, from: address)
        do {
            return try read(result)
        } catch {
            throw notUnderstood(from: address)
        }
    }
}

extension GatewayClient {
    /// Asks the enclave for an attestation document.
    ///
    /// - Parameter nonce: what it is to carry, at most 512 bytes.
    /// - Returns: as it came; nothing of it is checked.
    func attestation(nonce: [UInt8]) async throws(CommandFailure) -> [UInt8] {
        let body = JSONValue.fields(["nonce": .byteArray(nonce)]).compact()
        let answer = try await post("/enclave/generate-attestation", json: body)
        return try answer.result(AttestationForm.response, from: address) { (result) throws(QuorumError) in
            try result.required(AttestationForm.field).byteArray()
        }
    }
}
