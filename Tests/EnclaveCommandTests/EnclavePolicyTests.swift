// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import EnclaveCore
import Testing

/// PCR1 of a development enclave is taken of these texts: one that changes makes another enclave.
@Suite("policies as they are measured")
struct EnclavePolicyTests {
    struct Golden: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let policy: EnclavePolicy
        let text: String
    }

    private static let goldens = [
        Golden(
            testDescription: "development", policy: .development,
            text:
                "{\"attestation\":\"emulated\",\"mode\":\"development\",\"refusesSteeringEnvironment\":false,"
                + "\"rules\":{"
                + "\"fixesManifest\":false,\"refusesDebugEnclaves\":false,\"requiresApprovals\":false,"
                + "\"requiresChallenge\":false,\"requiresCommitments\":false,\"requiresRole\":false,"
                + "\"requiresSealedShares\":false,\"sealsDerivedSeeds\":false},\"trustedRoot\":\"own\"}"),
        Golden(
            testDescription: "a rehearsal", policy: EnclavePolicy.development.rehearsingProduction,
            text:
                "{\"attestation\":\"emulated\",\"mode\":\"development\",\"refusesSteeringEnvironment\":false,"
                + "\"rules\":{"
                + "\"fixesManifest\":true,\"refusesDebugEnclaves\":true,\"requiresApprovals\":true,"
                + "\"requiresChallenge\":true,\"requiresCommitments\":true,\"requiresRole\":false,"
                + "\"requiresSealedShares\":true,\"sealsDerivedSeeds\":true},\"trustedRoot\":\"own\"}"),
        Golden(
            testDescription: "production", policy: .production,
            text: "{\"attestation\":\"nitro\",\"mode\":\"production\",\"refusesSteeringEnvironment\":true,\"rules\":{"
                + "\"fixesManifest\":true,\"refusesDebugEnclaves\":true,\"requiresApprovals\":true,"
                + "\"requiresChallenge\":true,\"requiresCommitments\":true,\"requiresRole\":true,"
                + "\"requiresSealedShares\":true,\"sealsDerivedSeeds\":true},"
                + "\"trustedRoot\":\"641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b\"}"),
    ]

    @Test("each has this text", arguments: goldens)
    func golden(golden: Golden) {
        #expect(String(decoding: golden.policy.canonicalJSON, as: UTF8.self) == golden.text)
    }

    @Test("production trusts the root of AWS alone, and development the one that vouches for it")
    func roots() {
        #expect(EnclavePolicy.production.trustedRoot == .awsNitro)
        #expect(EnclavePolicy.development.trustedRoot == nil)
    }
}
