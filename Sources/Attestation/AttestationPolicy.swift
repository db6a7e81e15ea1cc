// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What a document must be, besides well-formed and signed, to be accepted.
public struct AttestationPolicy: Equatable, Sendable {
    /// The roots under which a document may be signed, any of them. Where there are none, none is accepted.
    public var roots: [RootFingerprint]
    /// What may have been measured, any of them. Where there are none, measurements are not compared.
    public var measurements: [Measurements]
    /// The nonce that the document must carry; `nil` where it is not compared.
    public var nonce: [UInt8]?
    /// How old the document may be at the instant of verification, in milliseconds; `nil` where it is not compared.
    public var maximumAge: UInt64?

    /// Makes a policy; by default it asks for a document under the root of AWS, and for nothing more.
    public init(
        roots: [RootFingerprint] = [.awsNitro], measurements: [Measurements] = [], nonce: [UInt8]? = nil,
        maximumAge: UInt64? = nil
    ) {
        self.roots = roots
        self.measurements = measurements
        self.nonce = nonce
        self.maximumAge = maximumAge
    }
}

extension AttestationPolicy {
    /// One accepted set of measurements, as a release has them.
    public struct Measurements: Hashable, Sendable {
        /// The enclave image, 48 bytes.
        public var pcr0: [UInt8]
        /// The kernel and its start-up, 48 bytes.
        public var pcr1: [UInt8]
        /// The application, 48 bytes.
        public var pcr2: [UInt8]
        /// The IAM role of the instance that the enclave runs on, 48 bytes; `nil` where it is not compared.
        public var pcr3: [UInt8]?

        /// Names the measurements of a release.
        public init(pcr0: [UInt8], pcr1: [UInt8], pcr2: [UInt8], pcr3: [UInt8]? = nil) {
            self.pcr0 = pcr0
            self.pcr1 = pcr1
            self.pcr2 = pcr2
            self.pcr3 = pcr3
        }
    }
}
