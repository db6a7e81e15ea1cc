// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@testable import Quorum

@Suite("A share's approval")
struct ShareApprovalTests {
    private let manifestHash = [UInt8](repeating: 0x11, count: 32)
    private let sealedShare = (0..<130).map { UInt8($0) }

    /// Put together by another program.
    private static let golden =
        "72656e636c6176652f73686172652d617070726f76616c2f763100"
        + "1111111111111111111111111111111111111111111111111111111111111111"
        + "da28521e6955659616d7f27cc315ebd946b8b9d9f5793e794e544764c569f1d6"
        + "8d39b60b9c767c58975b270c1d6b13c9b4507e5aee7ad496a3528e4c7f880721"

    @Test("signs the purpose, the manifest's hash and the digests of key and ciphertext")
    func message() throws {
        let message = ShareApproval.message(
            manifestHash: manifestHash, ephemeralKey: try KeySamples.pair().publicKey, sealedShare: sealedShare)
        #expect(message == (try KeySamples.hex(Self.golden)))
        #expect(message.count == 27 + 3 * 32)
    }

    @Test("has the signature that another program makes")
    func signature() throws {
        let signature = try KeySamples.pair(numbered: 1).sign(try KeySamples.hex(Self.golden))
        #expect(
            signature
                == (try KeySamples.hex(
                    "1c15171fe6be9d9f39dce9249da11033c655cff6314802f84c8afa288a366949"
                        + "63b4f7591b5a5f0b5c1ab8688ac4a2f2e08af4c14452e30851e01c0995650ca2")))
    }

    @Test("holds for no other manifest, enclave key or ciphertext")
    func coverage() throws {
        let member = try KeySamples.pair(numbered: 1)
        let enclave = try KeySamples.pair().publicKey
        let signature = try member.sign(
            ShareApproval.message(manifestHash: manifestHash, ephemeralKey: enclave, sealedShare: sealedShare))
        var otherHash = manifestHash
        otherHash[31] ^= 1
        var otherShare = sealedShare
        otherShare[129] ^= 1
        // The same encryption point under another signing point is another enclave's key.
        let otherEnclave = try QuorumPublicKey(
            enclave.encryptionPoint + KeySamples.pair(numbered: 2).publicKey.signingPoint)
        let others = [
            ShareApproval.message(manifestHash: otherHash, ephemeralKey: enclave, sealedShare: sealedShare),
            ShareApproval.message(manifestHash: manifestHash, ephemeralKey: otherEnclave, sealedShare: sealedShare),
            ShareApproval.message(manifestHash: manifestHash, ephemeralKey: enclave, sealedShare: otherShare),
            ShareApproval.message(manifestHash: manifestHash, ephemeralKey: enclave, sealedShare: []),
        ]
        for message in others {
            #expect(throws: QuorumError.wrongSignature) { try member.publicKey.verify(signature, of: message) }
        }
    }

    @Test("is no approval of the manifest, and such a one approves no share")
    func separation() throws {
        let checked = try CeremonySamples.checked()
        let member = try KeySamples.pair(numbered: 1)
        let message = ShareApproval.message(
            manifestHash: checked.hash, ephemeralKey: try KeySamples.pair(numbered: 5).publicKey,
            sealedShare: sealedShare)
        let manifestApproval = try Approval(of: checked.hash, alias: "alice", key: member)
        var shareApproval = manifestApproval
        shareApproval.signature = try member.sign(message)
        #expect(checked.valid([manifestApproval]).count == 1)
        #expect(checked.valid([shareApproval]).isEmpty)
        #expect(throws: QuorumError.wrongSignature) {
            try member.publicKey.verify(manifestApproval.signature, of: message)
        }
    }
}
