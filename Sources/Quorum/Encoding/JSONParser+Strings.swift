// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension JSONParser {
    /// Reads a string, from its opening quote to past the closing one.
    mutating func string() throws(QuorumError) -> String {
        position += 1
        var start = position
        var decoded: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                let rest = bytes[start..<position]
                position += 1
                return try text(decoded.isEmpty ? rest : decoded + rest)
            case UInt8(ascii: "\\"):
                decoded += bytes[start..<position]
                try escape(into: &decoded)
                start = position
            case 0..<0x20:
                throw .malformedJSON
            default:
                position += 1
            }
        }
        throw .malformedJSON
    }

    /// An escape stands for whole characters, so it never completes a broken sequence on either side of it.
    private func text(_ utf8: ArraySlice<UInt8>) throws(QuorumError) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else { throw .malformedJSON }
        return text
    }

    private mutating func escape(into decoded: inout [UInt8]) throws(QuorumError) {
        position += 1
        guard let byte = next else { throw .malformedJSON }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "u"): decoded.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw .malformedJSON
        }
    }

    /// Reads the digits after `\u`, and the second half with them where the first is half of a surrogate pair.
    private mutating func escapedScalar() throws(QuorumError) -> Unicode.Scalar {
        var code = try fourHexDigits()
        if 0xD800...0xDBFF ~= code {
            try expect(UInt8(ascii: "\\"))
            try expect(UInt8(ascii: "u"))
            let low = try fourHexDigits()
            guard 0xDC00...0xDFFF ~= low else { throw .malformedJSON }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw .malformedJSON }
        return scalar
    }

    private mutating func fourHexDigits() throws(QuorumError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next else { throw .malformedJSON }
            let digit: UInt8 =
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
                case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
                case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
                default: throw .malformedJSON
                }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
