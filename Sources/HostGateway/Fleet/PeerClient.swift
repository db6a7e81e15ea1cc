// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Protocol

/// One exchange's conversation with a peer: bounded answers, a limit on the time of each, no redirects, no retries.
struct PeerClient: Sendable {
    /// How long a peer may take.
    struct Patience: Sendable {
        var connecting = Duration.seconds(1)
        /// For what a peer says of itself: of many peers most may be silent.
        var information = Duration.seconds(2)
        /// For any other answer.
        var answer = Duration.seconds(5)
        /// Returns after a time, and throws where the task is cancelled before.
        var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    }

    /// Bytes of an answer: as many as an enclave answers with.
    static let answerLimit = Limits.replyBytes

    let endpoint: PeerEndpoint
    let requestIdentifier: String
    let patience: Patience
    let http: HTTPClient

    // MARK: Calls

    func information() async throws(JoinFailure.Cause) -> PeerInformation {
        try PeerInformation(await answer(to: request("/enclave/info"), within: patience.information))
    }

    func manifest() async throws(JoinFailure.Cause) -> ShareManifestRequest {
        try PeerAnswer.manifest(await answer(to: request("/enclave/manifest"), within: patience.answer))
    }

    /// - Returns: a nonce of 32 bytes.
    func exportChallenge() async throws(JoinFailure.Cause) -> [UInt8] {
        var request = request("/enclave/export-challenge")
        request.method = .POST
        return try PeerAnswer.challenge(await answer(to: request, within: patience.answer))
    }

    func exportKey(_ export: ExportKeyRequest) async throws(JoinFailure.Cause) -> InjectKeyRequest {
        var object = JSONObject(capacity: 256 + export.manifestEnvelope.count + 4 * export.document.count)
        object.raw("manifest_envelope", export.manifestEnvelope)
        object.byteArray("attestation_doc", export.document)
        var request = request("/enclave/export-key")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(object.finished())
        return try PeerAnswer.exportedKey(await answer(to: request, within: patience.answer))
    }

    // MARK: HTTP

    private func request(_ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: endpoint.url + path)
        // The name that the peer is known by, whichever of its addresses this is.
        request.headers.add(name: "Host", value: endpoint.peer.authority)
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "renclave-host/\(Version.product)")
        request.headers.add(name: "X-Request-Id", value: requestIdentifier)
        return request
    }

    /// - Returns: the body of an answer with status 200.
    private func answer(
        to request: HTTPClientRequest,
        within limit: Duration
    ) async throws(JoinFailure.Cause) -> ByteBuffer {
        let (status, body) = try await exchange(request, within: limit)
        guard status == 200 else { throw .refused(status: status, reason: PeerAnswer.reason(body)) }
        return body
    }

    private func exchange(
        _ request: HTTPClientRequest,
        within limit: Duration
    ) async throws(JoinFailure.Cause) -> (status: Int, body: ByteBuffer) {
        do {
            return try await withTimeLimit(limit, sleep: patience.sleep) { [http] in
                // The limit above is also that of the body.
                let response = try await http.execute(request, deadline: .distantFuture)
                return (Int(response.status.code), try await response.body.collect(upTo: Self.answerLimit))
            }
        } catch {
            throw Task.isCancelled ? .interrupted : Self.cause(of: error)
        }
    }

    private static func cause(of error: any Error) -> JoinFailure.Cause {
        switch error {
        case is TimeLimitExceeded: .timedOut
        case let error as HTTPClientError where error == .connectTimeout: .timedOut
        // The connection ended before the answer did.
        case let error as HTTPParserError where error == .invalidEOFState: .unreachable
        case is NIOTooManyBytesError, is HTTPParserError: .badAnswer
        default: .unreachable
        }
    }

    /// What the client of a round of joining is made with.
    static func configuration(_ patience: Patience) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = TimeAmount(patience.connecting)
        return configuration
    }
}
