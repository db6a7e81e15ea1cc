// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

/// Each operation with the result that belongs to it; anything else is ``EnclaveCallError/wrongAnswer``.
extension EnclaveClient {
    /// What the enclave says of itself.
    func info(requestIdentifier: String, timeout: TimeAmount) async throws -> EnclaveInfo {
        let answer = try await call(.info, requestIdentifier: requestIdentifier, timeout: timeout)
        guard case .info(let info) = answer.reply else { throw EnclaveCallError.wrongAnswer }
        return info
    }

    /// A phrase that was made; `bytes(of:)` gives its secret fields. With a passphrase it is costly, and is cancelled
    /// should the caller leave.
    func seed(
        _ operation: Operation,
        passphrase: RedactedText?,
        call: Call,
        timeout: TimeAmount
    ) async throws -> (SeedResult, EnclaveAnswer) {
        let answer = try await self.call(
            operation,
            secrets: passphrase.map { [$0] } ?? [],
            requestIdentifier: call.requestIdentifier,
            timeout: timeout,
            caller: passphrase == nil ? nil : call.caller
        )
        guard case .seed(let result) = answer.reply else { throw EnclaveCallError.wrongAnswer }
        return (result, answer)
    }

    /// The verdict on a phrase.
    func validate(
        _ phrase: RedactedText,
        language: SeedLanguage?,
        requestIdentifier: String,
        timeout: TimeAmount
    ) async throws -> SeedVerdict {
        let request = ValidateSeedRequest(phrase: SecretField(count: phrase.count), language: language)
        let answer = try await call(
            .validateSeed(request),
            secrets: [phrase],
            requestIdentifier: requestIdentifier,
            timeout: timeout
        )
        guard case .verdict(let verdict) = answer.reply else { throw EnclaveCallError.wrongAnswer }
        return verdict
    }
}
