// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes

/// Keeps web pages in the operator's browser from being obeyed: foreign origins, and names that only pretend to be this
/// machine (DNS rebinding).
struct OriginRules: Sendable {
    private let isLoopbackOnly: Bool
    private let allowedNames: Set<String>

    /// - Parameters:
    ///   - isLoopbackOnly: whether the gateway listens on a loopback address only.
    ///   - allowedNames: `HOST_ALLOWED_NAMES`, without ports.
    init(isLoopbackOnly: Bool, allowedNames: [String]) {
        self.isLoopbackOnly = isLoopbackOnly
        self.allowedNames = Set(allowedNames.map { $0.lowercased() })
    }

    /// Refuses a request that a foreign page sent.
    ///
    /// - Throws: ``RequestError/Reason/badOrigin``.
    func check(_ request: HTTPRequest) throws(RequestError) {
        let authority = request.authority ?? ""
        if isLoopbackOnly, !isLocal(Self.name(of: authority)) {
            throw RequestError(
                .badOrigin,
                message: "The Host of this request is no name of this machine.",
                hint: "a name that leads here on purpose belongs in HOST_ALLOWED_NAMES"
            )
        }
        for origin in request.headerFields[values: .origin]
        where !Self.isSame(origin, authority, scheme: request.scheme ?? "http") {
            throw RequestError(.badOrigin, message: "A page of another origin may not call this gateway.")
        }
        if request.headerFields[values: Self.fetchSite].contains(where: { $0.lowercased() == "cross-site" }) {
            throw RequestError(.badOrigin, message: "A page of another site may not call this gateway.")
        }
    }

    private static let fetchSite = HTTPField.Name.known("Sec-Fetch-Site")

    private func isLocal(_ name: String) -> Bool {
        let name = name.hasSuffix(".") ? String(name.dropLast()) : name
        return name == "localhost" || name.hasSuffix(".localhost") || name == "[::1]" || Self.isLoopbackIPv4(name)
            || allowedNames.contains(name)
    }

    /// 127.0.0.0/8 in its four decimal parts; no other spelling counts.
    static func isLoopbackIPv4(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "127" else { return false }
        return parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
    }

    /// The host of `host[:port]`, in lower case.
    private static func name(of authority: String) -> String {
        let lower = authority.lowercased()
        if lower.hasPrefix("["), let end = lower.firstIndex(of: "]") {
            let rest = lower[lower.index(after: end)...]
            return rest.isEmpty || rest.hasPrefix(":") ? String(lower[...end]) : lower
        }
        return String(lower.prefix { $0 != ":" })
    }

    private static func isSame(_ origin: String, _ authority: String, scheme: String) -> Bool {
        let port = scheme == "https" ? ":443" : ":80"
        func full(_ authority: String) -> String {
            let lower = authority.lowercased()
            let hasPort = lower.last != "]" && lower.split(separator: "]").last?.contains(":") == true
            return hasPort ? lower : lower + port
        }
        let prefix = scheme + "://"
        guard origin.lowercased().hasPrefix(prefix) else { return false }
        return full(String(origin.dropFirst(prefix.count))) == full(authority)
    }
}

extension HTTPField.Name {
    /// A header name that is a constant of this program.
    static func known(_ name: StaticString) -> HTTPField.Name {
        guard let field = HTTPField.Name("\(name)") else { preconditionFailure("\(name) is no header name") }
        return field
    }
}
