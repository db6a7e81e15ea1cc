// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Protocol
import Quorum
import SecretMemory

/// A whole ceremony in an enclave of its own, with keys that nobody keeps: from the birth of a quorum key to its
/// rebuilding, every message through the coder.
///
/// Beside what it shows, it does what the first ceremony of a process would otherwise wait for: the runtime looks a
/// generic type up at its first use, which takes longer than the operations on the curve for three members.
extension SelfTest {
    static var ceremonyAnswers: [KnownAnswer] {
        [KnownAnswer("ceremony", Phase.applicationReady.rawValue) { try ceremony($0) }]
    }

    private static let namespace = EnclaveInfo.Namespace(name: "self-test", nonce: 0)
    private static let head = RequestHead(
        identifier: 1, deadlineMilliseconds: 1000, requestIdentifier: "self-test")

    private struct OtherMessage: Error {}

    /// In the place of the security module, whose registers no test may touch. Its documents are empty.
    private final class Bystander: SecurityModule {
        let rootCertificate: [UInt8] = []

        func register(_ index: Int) -> [UInt8] { [] }
        func commit(_ extensions: [(register: Int, data: [UInt8])]) {}
        func attest(userData: [UInt8]?, nonce: [UInt8]?, publicKey: [UInt8]?) -> [UInt8] { [] }
        func milliseconds() -> Int64 { 0 }
        func randomBytes() -> [UInt8]? { nil }
    }

    private static func ceremony(_ means: Means) throws -> String {
        let enclave = Enclave(
            identity: identity, module: Bystander(), arena: means.arena, entropy: means.entropy,
            library: means.library)
        let keys = try (0..<2).map { _ in
            try QuorumKeyPair.generate(from: means.entropy, memory: .arena(means.arena))
        }
        let genesis = try genesis(of: keys, in: enclave)
        let shares = try keys.enumerated().map { index, key in
            try sealedShare(of: key, at: index, genesis, means)
        }
        return try inject(shares, into: enclave)
    }

    /// Of no executable and no machine.
    private static var identity: EnclaveIdentity {
        let register = [UInt8](repeating: 0, count: SHA384.byteCount)
        return EnclaveIdentity(
            identifier: [],
            applicationHash: [UInt8](repeating: 0, count: SHA256.byteCount),
            measurements: Measurements(
                pcr0: register, pcr1: register, pcr2: register, pcr3: register, rootCertificate: []),
            policy: .development,
            sandbox: .init(seccomp: false, landlockABI: nil)
        )
    }

    private static func alias(_ index: Int) -> String { "member \(index)" }

    private static func genesis(of keys: [QuorumKeyPair], in enclave: Enclave) throws -> GenesisAnswer {
        let members = keys.enumerated().map { index, key in
            MemberRecord(alias: alias(index), publicKey: key.publicKey.bytes)
        }
        let asked = Operation.genesisBoot(
            GenesisBootRequest(
                namespaceName: namespace.name, namespaceNonce: namespace.nonce,
                manifestMembers: members, manifestThreshold: 1, shareMembers: members, shareThreshold: 2,
                pivotHash: nil, pivotArguments: [], recoveryKey: nil, nonce: nil
            ))
        guard case .genesisBoot(let request) = try received(asked),
            case .genesis(let answer) = try received(.genesis(enclave.genesisBoot(request)))
        else { throw OtherMessage() }
        return answer
    }

    /// What a member does: opens the share, seals it to the enclave, and approves that.
    private static func sealedShare(
        of key: QuorumKeyPair,
        at index: Int,
        _ genesis: GenesisAnswer,
        _ means: Means
    ) throws -> InjectSharesRequest.OfferedShare {
        let memory = SecretSupply.arena(means.arena)
        let ephemeralKey = try QuorumPublicKey(genesis.ephemeralKey)
        let share = try key.open(genesis.encryptedShares[index].ciphertext, memory: memory)
        let sealed = try share.withBytes { share throws(QuorumError) in
            try Envelope.seal(share, to: ephemeralKey, entropy: means.entropy, memory: memory)
        }
        let approved = ShareApproval.message(
            manifestHash: genesis.manifestHash, ephemeralKey: ephemeralKey, sealedShare: sealed)
        return .init(memberAlias: alias(index), sealed: sealed, approval: try key.sign(approved))
    }

    /// The phase that the shares lead to.
    private static func inject(
        _ shares: [InjectSharesRequest.OfferedShare],
        into enclave: Enclave
    ) throws -> String {
        let asked = Operation.injectShares(
            InjectSharesRequest(
                namespaceName: namespace.name, namespaceNonce: namespace.nonce, shares: shares))
        guard case .injectShares(let request) = try received(asked) else { throw OtherMessage() }
        let brought = request.shares.map { share in
            BroughtShare(memberAlias: share.memberAlias, form: .sealed(share.sealed ?? [], approval: share.approval))
        }
        let outcome = try enclave.injectShares(namespace: namespace, brought)
        guard case .shares(let result) = try received(.shares(outcome)) else { throw OtherMessage() }
        return result.phase.rawValue
    }

    // MARK: There and back

    private static func received(_ operation: Operation) throws -> Operation {
        let plain = try Message.request(head, operation).encoded()
        guard case .request(_, let received?) = try Message(plain: plain, secretCount: 0) else { throw OtherMessage() }
        return received
    }

    private static func received(_ reply: Reply) throws -> Reply {
        let plain = try Message.reply(identifier: head.identifier, reply).encoded()
        guard case .reply(_, let received) = try Message(plain: plain, secretCount: 0) else { throw OtherMessage() }
        return received
    }
}
