// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FoundationEssentials

/// What the gateway answered, whatever its status.
struct GatewayAnswer: Sendable {
    /// HTTP status.
    let status: Int
    /// `X-Request-Id`, where it has the form of one.
    let requestIdentifier: String?
    /// At most ``GatewayClient/bodyLimit`` bytes.
    let body: [UInt8]

    init(status: Int, requestIdentifier: String?, body: [UInt8]) {
        self.status = status
        self.requestIdentifier = requestIdentifier.flatMap { Self.isRequestIdentifier($0) ? $0 : nil }
        self.body = body
    }

    /// Reads the body as a JSON object; fields that the type does not name are ignored.
    ///
    /// - Returns: `nil` if it is not strictly JSON in UTF-8, or not of that shape.
    func decoded<Value: Decodable>(as type: Value.Type) -> Value? {
        guard json != nil else { return nil }
        return try? JSONDecoder().decode(type, from: Data(body))
    }

    /// The body on one line; `nil` where it is not strictly JSON.
    ///
    /// The decoder is laxer: it also reads UTF-16 and UTF-32, and the last of two members of one name.
    var json: String? {
        GatewayJSON(body)?.line
    }

    /// 1–128 of `[A-Za-z0-9._-]`.
    private static func isRequestIdentifier(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains(scalar))
            }
    }
}
