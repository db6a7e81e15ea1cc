// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A request as bytes, written without any library between the test and the wire.
package struct HTTPCall: Sendable {
    package var method: String
    package var target: String
    /// In this order; a `Host` is added where there is none.
    package var headers: [(name: String, value: String)]
    /// `nil` sends no body and no `Content-Length`.
    package var body: [UInt8]?

    package init(
        _ method: String,
        _ target: String,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil
    ) {
        self.method = method
        self.target = target
        self.headers = headers.map { (name: $0.0, value: $0.1) }
        self.body = body
    }

    /// A `GET`.
    package static func get(_ target: String, headers: [(String, String)] = []) -> HTTPCall {
        HTTPCall("GET", target, headers: headers)
    }

    /// A `POST` of JSON.
    package static func post(_ target: String, _ json: String, headers: [(String, String)] = []) -> HTTPCall {
        HTTPCall("POST", target, headers: [("Content-Type", "application/json")] + headers, body: Array(json.utf8))
    }

    func bytes(port: UInt16) -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.name.lowercased() == "host" }) { head += "Host: 127.0.0.1:\(port)\r\n" }
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        return Array((head + "\r\n").utf8) + (body ?? [])
    }
}
