// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Attestation
package import Primitives
package import Quorum

extension SelfTest {
    /// Lets the security module attest this enclave and verifies its document as another enclave would: certificates,
    /// both curves' signatures and all decoders at once.
    ///
    /// - Parameter measured: what the enclave takes for its own measurements.
    package static func run(
        _ module: any SecurityModule,
        measured: Measurements,
        entropy: EntropySource
    ) throws(Failure) {
        do {
            let nonce = try entropy.bytes(ExportChallenges.nonceBytes)
            let document = try module.attest(userData: nil, nonce: nonce, publicKey: nil)
            let policy = AttestationPolicy(
                roots: [RootFingerprint(ofCertificate: measured.rootCertificate)],
                measurements: [
                    .init(pcr0: measured.pcr0, pcr1: measured.pcr1, pcr2: measured.pcr2, pcr3: measured.pcr3)
                ],
                nonce: nonce
            )
            let moment = try module.milliseconds()
            _ = try AttestationVerifier(policy: policy).verifyHere(document, at: .at(milliseconds: moment))
        } catch {
            throw Failure(primitive: "attestation")
        }
    }
}
