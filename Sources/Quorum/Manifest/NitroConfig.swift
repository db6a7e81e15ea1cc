// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What a manifest asks of the enclave: the values of its registers, and the root that attests them.
package struct NitroConfig: Sendable {
    /// The enclave's image, 48 bytes where it is a measurement.
    package var pcr0: [UInt8]
    /// Its kernel.
    package var pcr1: [UInt8]
    /// Its application.
    package var pcr2: [UInt8]
    /// The role of the instance that runs it.
    package var pcr3: [UInt8]
    /// DER.
    package var awsRootCertificate: [UInt8]
    /// The commit of QuorumOS, for readers only; often empty.
    package var qosCommit: String

    /// PCR0 to PCR3.
    package var registers: [[UInt8]] { [pcr0, pcr1, pcr2, pcr3] }

    package init(
        pcr0: [UInt8], pcr1: [UInt8], pcr2: [UInt8], pcr3: [UInt8], awsRootCertificate: [UInt8], qosCommit: String
    ) {
        self.pcr0 = pcr0
        self.pcr1 = pcr1
        self.pcr2 = pcr2
        self.pcr3 = pcr3
        self.awsRootCertificate = awsRootCertificate
        self.qosCommit = qosCommit
    }
}

extension NitroConfig: Equatable {
    /// Texts are compared byte for byte.
    package static func == (left: NitroConfig, right: NitroConfig) -> Bool {
        left.pcr0 == right.pcr0 && left.pcr1 == right.pcr1 && left.pcr2 == right.pcr2 && left.pcr3 == right.pcr3
            && left.awsRootCertificate == right.awsRootCertificate && left.qosCommit.isSameText(as: right.qosCommit)
    }
}
