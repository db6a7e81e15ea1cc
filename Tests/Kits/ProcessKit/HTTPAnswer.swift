// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// One answer as it stood on the wire.
package struct HTTPAnswer: Sendable {
    package let status: Int
    /// Names in lower case, in their order.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    /// The value of a header that occurs exactly once; `nil` otherwise.
    package subscript(header name: String) -> String? {
        let values = headers.filter { $0.name == name.lowercased() }
        return values.count == 1 ? values[0].value : nil
    }

    /// An answer of JSON.
    package init(status: Int, json: JSON) {
        self.init(status: status, headers: [("content-type", "application/json")], body: Array(json.text.utf8))
    }

    init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The answer as it stands on the wire.
    var bytes: [UInt8] {
        var head = "HTTP/1.1 \(status) \r\n"
        for header in headers where header.name != "content-length" { head += "\(header.name): \(header.value)\r\n" }
        return Array("\(head)content-length: \(body.count)\r\n\r\n".utf8) + body
    }

    /// The body as JSON.
    package func json() throws(ProcessKitError) -> JSON { try JSON(body) }

    /// The names of a flat object's members in the order in which they were sent.
    package var memberOrder: [String] {
        text.matches(of: /"([a-z_]+)":/).map { String($0.output.1) }
    }
}

extension HTTPAnswer {
    /// Reads a status line and headers (RFC 9112 sections 4 and 5).
    init(head: String, body: [UInt8]) throws(ProcessKitError) {
        let lines = head.components("\r\n")
        let parts = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "HTTP/1.1", parts[1].count == 3, let status = Int(parts[1]) else {
            throw .unreadable("no status line of HTTP/1.1: \(lines[0])")
        }
        var headers: [(name: String, value: String)] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw .unreadable("no header: \(line)") }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append((line[..<colon].lowercased(), String(value)))
        }
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension String {
    /// By scalars: to `Character`s, a carriage return and a line feed are one.
    fileprivate func components(_ separator: String) -> [String] {
        utf8.split(separator: Array(separator.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }
}
