// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes

/// Why a request was refused before the enclave was asked.
///
/// `message` is one sentence for a person. Neither it nor `hint` holds any value from the request; a field name that
/// the request chose itself is in `field` and `message` only if it is at most 64 printable ASCII characters.
package struct RequestError: Error, Equatable, Sendable {
    /// Why, from the closed list.
    package let reason: Reason
    /// The field at fault: a name, or a path such as `shares[1].member_alias`.
    package let field: String?
    /// One sentence for a person.
    package let message: String
    /// What may help that person, such as the name of a field that was probably meant.
    package let hint: String?

    /// An error; `message` and `hint` must hold no value from the request.
    package init(_ reason: Reason, field: String? = nil, message: String, hint: String? = nil) {
        self.reason = reason
        self.field = field
        self.message = message
        self.hint = hint
    }
}

// MARK: Reasons

extension RequestError {
    /// The closed list of reasons that arise in the gateway itself; the raw value is the `reason` that clients read.
    package enum Reason: String, CaseIterable, Sendable {
        case invalidJSON = "invalid_json"
        case duplicateKey = "duplicate_key"
        case missingField = "missing_field"
        case unknownField = "unknown_field"
        case wrongType = "wrong_type"
        case outOfRange = "out_of_range"
        case badEncoding = "bad_encoding"
        case badRequest = "bad_request"
        case badOrigin = "bad_origin"
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case bodyTooLarge = "body_too_large"
        case unsupportedMediaType = "unsupported_media_type"
        case headersTooLarge = "headers_too_large"
        case busy
        case requestTimeout = "request_timeout"
        case `internal`

        /// The word in the answer's `reason`.
        package var code: String { rawValue }

        /// The HTTP status of the answer.
        var status: HTTPResponse.Status {
            switch self {
            case .invalidJSON, .duplicateKey, .missingField, .unknownField, .wrongType, .outOfRange, .badEncoding,
                .badRequest:
                .badRequest
            case .badOrigin: .forbidden
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .bodyTooLarge: .contentTooLarge
            case .unsupportedMediaType: .unsupportedMediaType
            case .headersTooLarge: .requestHeaderFieldsTooLarge
            case .internal: .internalServerError
            case .busy: .serviceUnavailable
            case .requestTimeout: .gatewayTimeout
            }
        }
    }
}

// MARK: Errors about one field

extension RequestError {
    /// A required field that is absent.
    package static func missingField(_ field: String) -> RequestError {
        RequestError(.missingField, field: field, message: "The field \"\(field)\" is required.")
    }

    /// A field that the object at `path` does not have; the name is nil where it may not be shown.
    static func unknownField(_ name: String?, in path: String, among fields: [String]) -> RequestError {
        guard let name else {
            let subject = path.isEmpty ? "The body" : "The field \"\(path)\""
            return RequestError(
                .unknownField, field: path.isEmpty ? nil : path,
                message: "\(subject) has a field that is not known here.")
        }
        let field = path.isEmpty ? name : "\(path).\(name)"
        return RequestError(
            .unknownField, field: field, message: "The field \"\(field)\" is not known here.",
            hint: FieldSuggestion.nearest(to: name, among: fields).map { "did you mean \"\($0)\"?" })
    }

    /// A field of another JSON type; `expected` completes "must be", for example `an integer`.
    package static func wrongType(_ field: String, expected: StaticString) -> RequestError {
        RequestError(.wrongType, field: field, message: "The field \"\(field)\" must be \(expected).")
    }

    /// A value outside what the field takes; `expected` completes "must be", for example `from 1 to 255`.
    package static func outOfRange(_ field: String, expected: String) -> RequestError {
        RequestError(.outOfRange, field: field, message: "The field \"\(field)\" must be \(expected).")
    }

    /// A text that does not decode to bytes; `expected` completes "must be", for example `hex or base64`.
    package static func badEncoding(_ field: String, expected: StaticString) -> RequestError {
        RequestError(.badEncoding, field: field, message: "The field \"\(field)\" must be \(expected).")
    }
}
