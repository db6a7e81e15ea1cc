// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension AttestationPolicy {
    /// How far the clock of a document's module may be ahead of the one that an instant was read from: 60,000 ms.
    private static let clockTolerance: Int128 = 60_000

    /// Checks what this policy says of a document that is signed under one of its roots.
    ///
    /// - Throws: `future`, `stale`, `wrongNonce` or `otherMeasurements`, the first that applies.
    func check(_ document: AttestationDocument, at instant: AttestationVerifier.Instant) throws(AttestationError) {
        if case .at(let milliseconds) = instant {
            let age = Int128(milliseconds) - Int128(document.timestamp)
            guard age >= -Self.clockTolerance else { throw .future }
            if let maximumAge, age > Int128(maximumAge) { throw .stale }
        }
        if let nonce, document.nonce != nonce { throw .wrongNonce }
        if let register = firstOtherRegister(in: document.registers) { throw .otherMeasurements(register: register) }
    }

    /// The first register up to which no accepted set fits; `nil` where a set fits, or nothing is compared.
    private func firstOtherRegister(in registers: [Int: [UInt8]]) -> Int? {
        guard !measurements.isEmpty else { return nil }
        return (0..<4).first { last in
            !measurements.contains { $0.fit(registers, through: last) }
        }
    }
}

extension AttestationPolicy.Measurements {
    /// Whether the registers up to and with this one, 3 at most, are as named here.
    fileprivate func fit(_ registers: [Int: [UInt8]], through last: Int) -> Bool {
        [pcr0, pcr1, pcr2, pcr3].prefix(last + 1).enumerated().allSatisfy { index, value in
            value == nil || registers[index] == value
        }
    }
}
