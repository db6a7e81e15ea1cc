// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import ProcessKit

/// The ways in which a request may write bytes.
enum ByteForm: CaseIterable, Sendable {
    case list
    case hex
    case upperHex
    case prefixedHex
    case base64
    case base64WithoutPadding
    case base64URL

    /// Bytes as a value of a request.
    func json(_ bytes: [UInt8]) -> JSON {
        let base64 = Data(bytes).base64EncodedString()
        return switch self {
        case .list: JSON(bytes: bytes)
        case .hex: .string(Hex.encode(bytes))
        case .upperHex: .string(Hex.encode(bytes).uppercased())
        case .prefixedHex: .string("0x" + Hex.encode(bytes))
        case .base64: .string("base64:" + base64)
        case .base64WithoutPadding: .string("base64:" + base64.replacing("=", with: ""))
        case .base64URL: .string("base64:" + base64.replacing("+", with: "-").replacing("/", with: "_"))
        }
    }
}
