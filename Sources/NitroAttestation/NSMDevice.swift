// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Attestation

/// The way to a Nitro Security Module, which answers one request after the other.
///
/// The requests and answers are those that AWS publishes as `Request` and `Response` of its crate
/// aws-nitro-enclaves-nsm-api, in the CBOR that serde makes of them.
package protocol NSMDevice: Sendable {
    /// Sends a request and waits for its answer.
    ///
    /// - Parameter request: CBOR, at most 4096 bytes.
    /// - Returns: CBOR, at most 12,288 bytes.
    func exchange(_ request: [UInt8]) throws(SecurityModuleError) -> [UInt8]
}
