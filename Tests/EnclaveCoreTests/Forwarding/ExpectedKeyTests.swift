// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("the key that a shared manifest is expected to name")
struct ExpectedKeyTests {
    private let quorum: KnownQuorum
    private let enclave: TestEnclave

    init() throws {
        quorum = try KnownQuorum()
        enclave = try TestEnclave()
    }

    private func request(expecting key: [UInt8]?) throws -> ShareManifestRequest {
        ShareManifestRequest(manifestEnvelope: try quorum.envelope(), commitments: nil, expectedKey: key)
    }

    @Test("another key is refused before anything is taken on")
    func other() throws {
        let field: StaticString = "manifest_envelope.manifest.namespace.quorumKey"
        for key in [[], [UInt8](repeating: 0, count: 32), quorum.key.publicKey.bytes] {
            enclave.expect(EnclaveError(.otherQuorumKey, field: field)) {
                try enclave.enclave.shareManifest(try request(expecting: key))
            }
        }
        #expect(enclave.phase == .waitingForBootInstruction)
    }

    @Test("the expected key, or any where none is expected, is taken")
    func same() throws {
        _ = try enclave.enclave.shareManifest(try request(expecting: quorum.key.publicKey.fingerprint))
        #expect(enclave.phase == .waitingForForwardedKey)
        _ = try enclave.enclave.shareManifest(try request(expecting: nil))
    }
}
