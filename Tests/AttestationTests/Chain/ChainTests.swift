// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto
import SwiftASN1
import Testing
import X509

@testable import Attestation

@Suite("The certificates of a document")
struct ChainTests {
    @Test("one that breaks a rule is refused, although it is signed", arguments: ChainCase.all)
    func broken(bad: ChainCase) async throws {
        var plan = try ChainPlan()
        try bad.change(&plan.certificates)
        await expect(bad.flaw, try plan.issue())
    }

    @Test("those that keep the rules are accepted, from one above the document's own to eight", arguments: [2, 4, 9])
    func good(count: Int) async throws {
        let chain = try ChainPlan(count: count).issue()
        let verified = try await chain.verify()
        #expect(verified.document.certificateBundle == Array(chain.certificates.dropLast()))
        #expect(verified.root == chain.root)
    }

    @Test("paths may be as long as is allowed, and what is not critical may be unknown")
    func allowed() async throws {
        var plan = try ChainPlan()
        plan.certificates[ChainPlan.root].constraints = .isCertificateAuthority(maxPathLength: 2)
        plan.certificates[ChainPlan.region].constraints = .isCertificateAuthority(maxPathLength: 1)
        plan.certificates[ChainPlan.instance].constraints = .isCertificateAuthority(maxPathLength: 0)
        plan.certificates[ChainPlan.leaf].constraints = nil
        for place in plan.certificates.indices {
            plan.certificates[place].others = [
                Certificate.Extension(oid: [1, 2, 3, 4], critical: false, value: [5, 0])
            ]
        }
        _ = try await plan.issue().verify()
    }

    @Test("one with an algorithm inside other than outside is refused")
    func twoAlgorithms() async throws {
        var chain = try ChainPlan().issue()
        let leaf = try Certificate(derEncoded: chain.certificates[ChainPlan.leaf])
        let algorithm: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03]
        var body = Array(leaf.tbsCertificateBytes)
        let place = try #require(body.indices.first { body[$0...].starts(with: algorithm + [0x03]) })
        // SHA-256 instead.
        body[place + algorithm.count] = 0x02
        let signature = try SampleKeys.p384(UInt8(1 + ChainPlan.instance)).signature(for: body).derRepresentation
        let outside = [0x30, 0x0A] + algorithm + [0x03]
        chain.certificates[ChainPlan.leaf] = tagged(0x30, body + outside + tagged(0x03, [0] + Array(signature)))
        #expect((try? Certificate(derEncoded: chain.certificates[ChainPlan.leaf])) != nil)
        await expect(.algorithm, chain)
    }

    @Test("one that is no certificate, or goes on after it, is refused", arguments: 1...ChainPlan.leaf)
    func form(place: Int) async throws {
        let chain = try ChainPlan().issue()
        let good = chain.certificates[place]
        for bytes in [[0x30], Array(good.dropLast()), good + [0], [0x30, 0x00], [1]] {
            var bad = chain
            bad.certificates[place] = bytes
            await expect(.certificateForm, bad)
        }
    }

    @Test("a root of the same name with another key is another root, whichever is pinned")
    func sameName() async throws {
        let chain = try ChainPlan().issue()
        var plan = try ChainPlan()
        plan.certificates[ChainPlan.root].key = Certificate.PrivateKey(try SampleKeys.p384(97))
        plan.certificates[ChainPlan.root].issuerKey = plan.certificates[ChainPlan.root].key
        var other = chain
        other.certificates[ChainPlan.root] = try plan.certificates[ChainPlan.root].der()
        let (good, replaced) = (try chain.document(), try other.document())
        let cases: [(IssuedChain, [UInt8], AttestationError.Flaw)] = [
            (other, good, .otherRoot), (chain, replaced, .otherRoot), (other, replaced, .badChain),
        ]
        for (pinned, document, flaw) in cases {
            await #expect(throws: AttestationError.untrusted(flaw)) { try await pinned.verify(document) }
        }
    }

    @Test("a root that is in the bundle but not first is none")
    func rootElsewhere() async throws {
        let chain = try ChainPlan().issue()
        var swapped = chain
        swapped.certificates.swapAt(ChainPlan.root, ChainPlan.region)
        let document = try swapped.document()
        await #expect(throws: AttestationError.untrusted(.otherRoot)) { try await chain.verify(document) }
    }

    @Test("any of the policy's roots will do, and none if there are none")
    func roots() async throws {
        let chain = try ChainPlan().issue()
        let document = try chain.document()
        let either = AttestationVerifier(policy: AttestationPolicy(roots: [.awsNitro, chain.root]))
        #expect(try await either.verify(document, at: .documentTime).root == chain.root)
        for roots in [[], [.awsNitro]] as [[RootFingerprint]] {
            let verifier = AttestationVerifier(policy: AttestationPolicy(roots: roots))
            await #expect(throws: AttestationError.untrusted(.otherRoot)) {
                try await verifier.verify(document, at: .documentTime)
            }
        }
    }

    // MARK: Parts

    /// Signs a document with the leaf's usual key, however many certificates there are.
    private func expect(_ flaw: AttestationError.Flaw, _ chain: IssuedChain) async {
        await #expect(throws: AttestationError.untrusted(flaw)) {
            let key = try SampleKeys.p384(UInt8(1 + ChainPlan.leaf))
            _ = try await chain.verify(try chain.plan.document(signedBy: key))
        }
    }

    /// DER of a value of up to 65,535 bytes.
    private func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        switch content.count {
        case 0..<128: [tag, UInt8(content.count)] + content
        case 128..<256: [tag, 0x81, UInt8(content.count)] + content
        default: [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 255)] + content
        }
    }
}
