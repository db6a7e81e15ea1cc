// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Synchronization

@testable import EmulatedAttestation

/// A clock that stands still until it is told otherwise.
final class ManualClock: Sendable {
    /// 2026-03-01 12:00:00.250 UTC.
    static let start: Int64 = 1_772_366_400_250
    static let second: Int64 = 1000
    static let minute = 60 * second
    static let hour = 60 * minute

    private let instant = Mutex(start)

    var milliseconds: Int64 { instant.withLock { $0 } }

    func set(_ milliseconds: Int64) {
        instant.withLock { $0 = milliseconds }
    }
}

extension EmulatedRegisters {
    static let sample = EmulatedRegisters(
        executableDigest: [UInt8](repeating: 0xe0, count: 48), policy: Array("{}".utf8), version: "1.2.3"
    )
}

extension EmulatedSecurityModule {
    static func sample(
        under root: AttestationRoot = .development, _ clock: ManualClock = ManualClock()
    ) throws(SecurityModuleError) -> EmulatedSecurityModule {
        try EmulatedSecurityModule(root: root, registers: .sample) { clock.milliseconds }
    }

    /// A document about nothing, decoded.
    func document() throws -> AttestationDocument {
        try AttestationDocument(parsing: try attest(userData: nil, nonce: nil, publicKey: nil))
    }
}
