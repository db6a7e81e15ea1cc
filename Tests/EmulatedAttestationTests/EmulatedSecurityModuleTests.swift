// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Testing

@testable import EmulatedAttestation

@Suite("emulated security module")
struct EmulatedSecurityModuleTests {
    private static let measurements = AttestationPolicy.Measurements(
        pcr0: EmulatedRegisters.sample.values[0],
        pcr1: EmulatedRegisters.sample.values[1],
        pcr2: EmulatedRegisters.sample.values[2],
        pcr3: EmulatedRegisters.sample.values[3]
    )

    private static let verifier = AttestationVerifier(
        policy: AttestationPolicy(
            roots: [RootFingerprint(ofCertificate: DevelopmentRoot.certificate)],
            measurements: [measurements],
            nonce: [9],
            maximumAge: UInt64(ManualClock.hour)
        )
    )

    @Test("a document is verified under the development root, then and an hour later")
    func verified() async throws {
        let module = try EmulatedSecurityModule.sample()
        try module.commit([(16, [1]), (17, [2])])
        let bytes = try module.attest(userData: [1], nonce: [9], publicKey: [3])
        for instant in [ManualClock.start, ManualClock.start + ManualClock.hour] {
            let verified = try await Self.verifier.verify(bytes, at: .at(milliseconds: instant))
            #expect(verified.root == RootFingerprint(ofCertificate: module.rootCertificate))
            #expect(verified.document.userData == [1])
            #expect(verified.document.registers[16] == SHA384.digest([UInt8](repeating: 0, count: 48) + [1]))
        }
    }

    @Test("no document is verified under the root of AWS")
    func otherRoot() async throws {
        let bytes = try EmulatedSecurityModule.sample().attest(userData: nil, nonce: nil, publicKey: nil)
        await #expect(throws: AttestationError.untrusted(.otherRoot)) {
            try await AttestationVerifier(policy: AttestationPolicy()).verify(bytes, at: .documentTime)
        }
    }

    @Test("certificates are kept while an hour of them is left, and then made anew up to the root")
    func renewal() throws {
        let clock = ManualClock()
        let module = try EmulatedSecurityModule.sample(clock)
        let first = try module.document()
        clock.set(ManualClock.start + 2 * ManualClock.hour)
        let kept = try module.document()
        #expect(kept.certificate == first.certificate && kept.certificateBundle == first.certificateBundle)
        clock.set(ManualClock.start + 2 * ManualClock.hour + ManualClock.second)
        let renewed = try module.document()
        #expect(renewed.moduleID == first.moduleID)
        #expect(renewed.certificate != first.certificate)
        #expect(renewed.certificateBundle[0] == DevelopmentRoot.certificate)
        #expect(Set(renewed.certificateBundle).intersection(first.certificateBundle).count == 1)
    }

    @Test("whenever a document is made, it can be verified for an hour")
    func neverExpired() async throws {
        let clock = ManualClock()
        let module = try EmulatedSecurityModule.sample(clock)
        for step in 0..<8 {
            clock.set(ManualClock.start + Int64(step) * 47 * ManualClock.minute)
            let now = clock.milliseconds
            let bytes = try module.attest(userData: nil, nonce: [9], publicKey: nil)
            for instant in [now, now + ManualClock.hour - ManualClock.second] {
                let verified = try await Self.verifier.verify(bytes, at: .at(milliseconds: instant))
                #expect(verified.document.timestamp == UInt64(now))
                #expect(verified.validity.upperBound - now >= ManualClock.hour - ManualClock.second)
            }
        }
        clock.set(ManualClock.start + 5 * 365 * 24 * ManualClock.hour)
        let late = try module.attest(userData: nil, nonce: [9], publicKey: nil)
        #expect(try await Self.verifier.verify(late, at: .at(milliseconds: clock.milliseconds)).document.nonce == [9])
    }

    @Test("the time is the clock's, and never goes back, in documents neither")
    func time() throws {
        let clock = ManualClock()
        let module = try EmulatedSecurityModule.sample(clock)
        #expect(try module.milliseconds() == ManualClock.start)
        clock.set(ManualClock.start + 5)
        #expect(try module.milliseconds() == ManualClock.start + 5)
        clock.set(ManualClock.start - ManualClock.hour)
        #expect(try module.milliseconds() == ManualClock.start + 5)
        #expect(try module.document().timestamp == UInt64(ManualClock.start + 5))
        clock.set(ManualClock.start + 6)
        #expect(try module.document().timestamp == UInt64(ManualClock.start + 6))
        #expect(try module.milliseconds() == ManualClock.start + 6)
    }

    @Test("a clock that was never set gives a document all the same", arguments: [0, -1, Int64.min / 2000])
    func noTime(instant: Int64) throws {
        let clock = ManualClock()
        clock.set(instant)
        #expect(try EmulatedSecurityModule.sample(clock).document().timestamp == 1)
    }

    @Test("there are no random bytes")
    func random() throws {
        #expect(try EmulatedSecurityModule.sample().randomBytes() == nil)
    }

    @Test("a root that cannot sign is refused at the start")
    func badRoot() {
        for root in [
            AttestationRoot(certificate: [], privateKeyScalar: DevelopmentRoot.privateKeyScalar),
            AttestationRoot(certificate: DevelopmentRoot.certificate, privateKeyScalar: []),
        ] {
            #expect(throws: SecurityModuleError.failed) { try EmulatedSecurityModule.sample(under: root) }
        }
    }

    @Test("a commitment that is refused leaves the one before")
    func refusedCommitment() throws {
        let module = try EmulatedSecurityModule.sample()
        try module.commit([(16, [1])])
        let before = try module.register(16)
        #expect(throws: SecurityModuleError.refused(.readOnlyIndex)) { try module.commit([(16, [2]), (3, [1])]) }
        #expect(try module.register(16) == before)
        try module.commit([(17, [1])])
        #expect(try module.register(16) == [UInt8](repeating: 0, count: 48))
        #expect(try module.register(17) == before)
    }
}
