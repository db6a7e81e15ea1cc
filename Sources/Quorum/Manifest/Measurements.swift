// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What an enclave says of itself: its first four registers, and the root by which it is attested.
package struct Measurements: Equatable, Sendable {
    /// 48 bytes each.
    package var pcr0: [UInt8]
    package var pcr1: [UInt8]
    package var pcr2: [UInt8]
    package var pcr3: [UInt8]
    /// DER.
    package var rootCertificate: [UInt8]

    /// PCR0 to PCR3.
    package var registers: [[UInt8]] { [pcr0, pcr1, pcr2, pcr3] }

    package init(pcr0: [UInt8], pcr1: [UInt8], pcr2: [UInt8], pcr3: [UInt8], rootCertificate: [UInt8]) {
        self.pcr0 = pcr0
        self.pcr1 = pcr1
        self.pcr2 = pcr2
        self.pcr3 = pcr3
        self.rootCertificate = rootCertificate
    }
}
