// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import EnclaveCore

@Suite("peers")
struct PeerPolicyTests {
    @Test("the enclave's own user and those named are admitted, and nobody else")
    func admitted() {
        let policy = PeerPolicy(ownUser: 1000, others: [1001, 7])
        #expect([1000, 1001, 7].allSatisfy(policy.admits))
        #expect([0, 1, 999, 65534, UInt32.max].allSatisfy { !policy.admits($0) })
    }

    @Test("the user that stands for an unmapped one is never admitted")
    func unmapped() {
        #expect(!PeerPolicy(ownUser: 65534, others: [65534]).admits(65534))
    }
}
