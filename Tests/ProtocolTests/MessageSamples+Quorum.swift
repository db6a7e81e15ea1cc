// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

@testable import Protocol

// MARK: Requests

extension MessageSamples {
    mutating func genesisBoot() -> GenesisBootRequest {
        GenesisBootRequest(
            namespaceName: text(1...20),
            namespaceNonce: integer(),
            manifestMembers: members(),
            manifestThreshold: integer(),
            shareMembers: members(),
            shareThreshold: integer(),
            pivotHash: maybe { $0.bytes(32) },
            pivotArguments: (0..<element([0, 1, 3])).map { _ in text(0...9) },
            recoveryKey: maybe { $0.bytes(130) },
            nonce: maybe { $0.bytes(20) }
        )
    }

    mutating func injectShares() -> InjectSharesRequest {
        InjectSharesRequest(
            namespaceName: text(1...20),
            namespaceNonce: integer(),
            shares: (0..<element([1, 2, 5])).map { _ in
                element([true, false])
                    ? .init(memberAlias: text(1...9), plain: secret(1...40))
                    : .init(memberAlias: text(1...9), sealed: bytes(130), approval: maybe { $0.bytes(64) })
            }
        )
    }

    mutating func bootStandard() -> BootStandardRequest {
        BootStandardRequest(manifestEnvelope: bytes(element([0, 1, 300])), commitments: maybe { $0.commitments() })
    }
}

// MARK: Results

extension MessageSamples {
    mutating func genesisAnswer() -> GenesisAnswer {
        GenesisAnswer(
            quorumPublicKey: bytes(130),
            ephemeralKey: bytes(130),
            manifestEnvelope: bytes(200),
            manifestHash: bytes(32),
            threshold: integer(),
            encryptedShares: (0..<element([0, 1, 3])).map { _ in
                .init(member: member(), ciphertext: bytes(130), shareHash: bytes(64))
            },
            commitments: commitments(),
            genesisOutput: bytes(77),
            recoveryWrappedKey: maybe { $0.bytes(129) },
            attestationDocument: maybe { $0.bytes($0.element([1, 500])) }
        )
    }

    mutating func injectResult() -> InjectSharesResult {
        InjectSharesResult(
            phase: element(Phase.allCases),
            sharesReceived: integer(),
            threshold: integer(),
            judgements: (0..<element([0, 1, 4])).map { _ in
                .init(memberAlias: text(1...9), flaw: maybe { $0.element(InjectSharesResult.Flaw.allCases) })
            },
            quorumPublicKey: maybe { $0.bytes(130) },
            isOtherKey: element([true, false])
        )
    }

    mutating func bootResult() -> BootStandardResult {
        BootStandardResult(
            phase: element(Phase.allCases),
            ephemeralKey: bytes(130),
            manifestHash: bytes(32),
            threshold: integer(),
            approvalsCounted: integer()
        )
    }

    mutating func heldManifest() -> HeldManifest {
        HeldManifest(
            manifestEnvelope: bytes(200), manifestHash: bytes(32), commitments: maybe { $0.commitments() })
    }

    mutating func quorumStatus() -> EnclaveInfo.QuorumStatus {
        EnclaveInfo.QuorumStatus(
            namespace: .init(name: text(1...9), nonce: integer()),
            manifestHash: bytes(32),
            publicKey: bytes(130),
            fingerprint: bytes(32),
            keyCheck: maybe { $0.bytes(8) },
            threshold: integer(),
            sharesReceived: integer()
        )
    }
}

// MARK: Parts

extension MessageSamples {
    private mutating func members() -> [MemberRecord] {
        (0..<element([0, 1, 3])).map { _ in member() }
    }

    private mutating func member() -> MemberRecord {
        MemberRecord(alias: text(1...9), publicKey: bytes(130))
    }

    mutating func commitments() -> CommitmentsRecord {
        CommitmentsRecord(
            namespaceName: text(1...9),
            namespaceNonce: integer(),
            manifestHash: bytes(32),
            quorumPublicKey: bytes(130),
            threshold: integer(),
            epoch: integer(),
            shares: (0..<element([0, 2])).map { _ in
                .init(identifier: integer(), member: member(), shareHash: bytes(64))
            },
            signature: bytes(64)
        )
    }
}
