// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Protocol

/// From a request to its answer: the checks that all routes share, in the order of the contract, then the route.
struct GatewayResponder: Sendable {
    let table: RouteTable
    let origins: OriginRules
    let bodies: BodyReader
    let admission: Admission
    let enclave: EnclaveClient
    let conventions: ConventionsConfiguration
    let metrics: GatewayMetrics
    let logger: Logger

    /// Answers a request; every error becomes an answer.
    func respond(to request: Request, from caller: Caller) async -> Response {
        let begin = ContinuousClock.now
        let identifier = conventions.identifiers.identifier(
            proposed: conventions.proposedIdentifier(request.headers)
        )
        metrics.requestStarted()
        let (path, query) = Self.split(request.head.path ?? "")
        var route = metrics.unmatchedRoute
        var refusal: Refusal?
        let answer: Answer
        do {
            try checkFraming(request.head)
            try origins.check(request.head)
            route = try await match(request.method, path, identifier)
            answer = try await run(table.routes[route], request, from: caller, identifier, query)
        } catch {
            let failure = Refusal(error)
            answer = failure.answer(
                requestIdentifier: identifier,
                asProblem: MediaType.wantsProblem(request.headers)
            )
            refusal = failure
        }
        let nanoseconds = begin.nanoseconds(until: .now)
        metrics.requestFinished(route: route, status: answer.status.code, nanoseconds: nanoseconds)
        log(route, answer.status, refusal, identifier, nanoseconds)
        return response(answer, refusal, request.method, identifier)
    }

    private static func split(_ target: String) -> (path: String, query: Substring) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target, "") }
        return (String(target[..<mark]), target[target.utf8.index(after: mark)...])
    }

    // MARK: Checks

    /// What the parser lets through and the contract does not.
    private func checkFraming(_ head: HTTPRequest) throws(Refusal) {
        var refusal: Refusal?
        if head.authority == nil || head.headerFields.contains(Self.host) {
            refusal = Refusal(.badRequest, "bad_request", "A request needs exactly one Host header.")
        } else if let coding = head.headerFields[.transferEncoding], coding.lowercased() != "chunked" {
            refusal = Refusal(.badRequest, "bad_request", "The only transfer coding that is read is chunked.")
        }
        guard var refusal else { return }
        // Where the body ends cannot be told, so the connection is of no more use.
        refusal.closes = true
        throw refusal
    }

    private static let host = HTTPField.Name.known("Host")

    private func match(_ method: HTTPRequest.Method, _ path: String, _ identifier: String) async throws -> Int {
        switch table.match(method, path) {
        case .route(let index): return index
        case .none: throw RequestError(.notFound, message: "There is no such path.")
        case .otherMethods(let routes): throw await wrongMethod(routes, identifier)
        }
    }

    /// Tells how the path is called and, as far as the enclave answers, in which state it is.
    private func wrongMethod(_ routes: [Route], _ identifier: String) async -> Refusal {
        let examples = routes.map { $0.example }.joined(separator: " or ")
        var refusal = Refusal(
            .methodNotAllowed,
            "method_not_allowed",
            "This path is called as \(RouteTable.allow(routes)): \(examples)"
        )
        refusal.allow = RouteTable.allow(routes)
        let info = try? await enclave.info(requestIdentifier: identifier, timeout: StatusRoutes.watchTimeout)
        refusal.state = info?.phase
        return refusal
    }

    // MARK: Route

    private func run(
        _ route: Route,
        _ request: Request,
        from caller: Caller,
        _ identifier: String,
        _ query: Substring
    ) async throws -> Answer {
        let call = Call(
            requestIdentifier: identifier,
            caller: caller,
            query: query,
            body: try await body(route, request)
        )
        guard route.isAdmitted else { return try await route.answer(call) }
        return try await admission.run { try await route.answer(call) }
    }

    private func body(_ route: Route, _ request: Request) async throws -> ByteBuffer {
        guard route.body != .ignored else { return ByteBuffer() }
        let hasBody = BodyReader.hasBody(request.headers)
        let body = hasBody ? try await bodies.collect(request) : ByteBuffer()
        if body.readableBytes > 0, !MediaType.isJSON(request.headers) {
            throw RequestError(
                .unsupportedMediaType,
                message: "The body must be declared as application/json.",
                hint: "curl needs -H 'Content-Type: application/json'"
            )
        }
        return body
    }

    // MARK: Answer

    private func response(
        _ answer: Answer,
        _ refusal: Refusal?,
        _ method: HTTPRequest.Method,
        _ identifier: String
    ) -> Response {
        var headers = conventions.headers(
            for: answer,
            requestIdentifier: identifier,
            closes: refusal?.closes ?? false
        )
        if let allow = refusal?.allow { headers.append(HTTPField(name: .allow, value: allow)) }
        if let seconds = refusal?.retryAfter { headers.append(HTTPField(name: .retryAfter, value: String(seconds))) }
        let body = method == .head ? ResponseBody() : ResponseBody(byteBuffer: answer.body)
        return Response(status: answer.status, headers: headers, body: body)
    }

    /// Paths come from the table and reasons from the closed list: nothing that a client chose is logged but its
    /// request identifier, and that is of a safe alphabet.
    private func log(
        _ route: Int,
        _ status: HTTPResponse.Status,
        _ refusal: Refusal?,
        _ identifier: String,
        _ nanoseconds: Int64
    ) {
        let level: Logger.Level = status.code >= 500 ? .warning : (status.code >= 400 ? .info : .debug)
        guard level >= logger.logLevel else { return }
        var metadata: Logger.Metadata = [
            "request_id": "\(identifier)", "status": "\(status.code)", "duration_us": "\(nanoseconds / 1000)",
        ]
        if table.routes.indices.contains(route) {
            metadata["method"] = "\(table.routes[route].method)"
            metadata["path"] = "\(table.routes[route].path)"
        }
        if let refusal { metadata["reason"] = "\(refusal.reason)" }
        logger.log(level: level, refusal == nil ? "answered" : "refused", metadata: metadata)
    }
}
