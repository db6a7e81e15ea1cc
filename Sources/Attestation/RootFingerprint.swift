// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto

/// Names a root of trust: SHA-256 of its certificate in DER.
public struct RootFingerprint: Hashable, Sendable {
    /// How many bytes a fingerprint has.
    static let byteCount = 32

    /// 32 bytes.
    public let bytes: [UInt8]

    /// Takes a fingerprint as it is; `nil` where it is not 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits of either case; `nil` for anything else.
    public init?(hex: String) {
        guard let bytes = Hexadecimal.decode(hex.utf8) else { return nil }
        self.init(bytes: bytes)
    }

    /// The fingerprint of a certificate.
    ///
    /// - Parameter der: the whole certificate, which is not looked into.
    public init(ofCertificate der: [UInt8]) {
        bytes = Array(SHA256.hash(data: der))
    }

    /// The root of AWS Nitro Enclaves in the commercial regions, "G1", valid through the years 2019 to 2049.
    public static let awsNitro = RootFingerprint(
        [
            0x64, 0x1A, 0x03, 0x21, 0xA3, 0xE2, 0x44, 0xEF, 0xE4, 0x56, 0x46, 0x31, 0x95, 0xD6, 0x06, 0x31,
            0x7E, 0xD7, 0xCD, 0xCC, 0x3C, 0x17, 0x56, 0xE0, 0x98, 0x93, 0xF3, 0xC6, 0x8F, 0x79, 0xBB, 0x5B,
        ]
    )

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }
}

extension RootFingerprint: CustomStringConvertible {
    /// 64 hexadecimal digits in lower case.
    public var description: String { Hexadecimal.encode(bytes) }
}
