// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import SwiftASN1
import Testing
import VectorKit
import X509

@testable import Attestation

@Suite("A root's fingerprint")
struct RootFingerprintTests {
    private static let digits = "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b"

    @Test("of AWS is the published one")
    func aws() {
        #expect(RootFingerprint.awsNitro.description == Self.digits)
        #expect(RootFingerprint(hex: Self.digits) == .awsNitro)
        #expect(RootFingerprint(hex: Self.digits.uppercased()) == .awsNitro)
        #expect(RootFingerprint(bytes: RootFingerprint.awsNitro.bytes) == .awsNitro)
    }

    @Test("of AWS is that of its certificate", .enabled(if: Vectors.areAvailable, Vectors.need))
    func certificate() throws {
        let pem = try Data(contentsOf: try Vectors.url("nitro/AWS_NitroEnclaves_Root-G1.pem"))
        #expect(RootFingerprint(ofCertificate: try RootCertificateFile.parse([UInt8](pem))) == .awsNitro)
    }

    @Test("is SHA-256 of the certificate")
    func digest() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(RootFingerprint(ofCertificate: Array("abc".utf8)).description == digest)
    }

    @Test(
        "is 32 bytes and nothing else",
        arguments: [
            "", "00", String(digits.dropLast()), String(digits.dropLast(2)), digits + "00", digits + " ", "0x" + digits,
            digits.replacing("a", with: "g"), digits.replacing("a", with: "\u{E4}"),
            digits.replacing("64", with: "\u{FF16}\u{FF14}"),
        ])
    func bad(text: String) {
        #expect(RootFingerprint(hex: text) == nil)
        #expect(RootFingerprint(bytes: Array(text.utf8)) == nil)
    }
}

@Suite("A root's file")
struct RootCertificateFileTests {
    private let der: [UInt8]
    private let pem: String

    init() throws {
        der = try ChainPlan().certificates[ChainPlan.root].der()
        pem = try Certificate(derEncoded: der).serializeAsPEM().pemString
    }

    @Test("is DER, or PEM with either line end and blank lines around it")
    func good() throws {
        let texts = [
            pem, pem + "\n", "\n\n" + pem + "\n\n\n", pem.replacing("\n", with: "\r\n") + "\r\n",
            "\r\n" + pem + "\r\n\n",
        ]
        for text in texts {
            #expect(try RootCertificateFile.parse(Array(text.utf8)) == der, "\(text.debugDescription)")
        }
        #expect(try RootCertificateFile.parse(der) == der)
    }

    @Test("with anything around the certificate is refused")
    func around() {
        let key = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"
        let before = [
            "x\n", " ", "subject=CN\n", "\0", "\u{FEFF}", key, pem, pem + "\n", "-----BEGIN CERTIFICATE-----\n",
        ]
        let after = ["\nx", " ", "\n" + key, "\n-----BEGIN CERTIFICATE-----", "\n-----END CERTIFICATE-----", "\0"]
        for text in before.map({ $0 + pem }) + after.map({ pem + $0 }) { expectRefusal(text) }
        expectRefusal(Array(pem.utf8) + [0xFF], "not UTF-8")
    }

    @Test("with other marks, lines or content is refused")
    func other() {
        let changes: [(String, String)] = [
            ("CERTIFICATE", "TRUSTED CERTIFICATE"), ("CERTIFICATE", "PUBLIC KEY"), ("END CERTIFICATE", "END X"),
            ("\n", ""), ("\n", "\r"), ("\n", "\u{2028}"), ("\n", " \n"), ("-----", "----"), ("BEGIN ", "BEGIN"),
        ]
        for (old, new) in changes { expectRefusal(pem.replacing(old, with: new)) }
        let lines = pem.split(separator: "\n").map(String.init)
        let body = Array(lines.dropFirst().dropLast())
        let bodies: [[String]] = [
            [], ["AAAA"], [body.joined()], Array(body.dropFirst()), Array(body.dropLast()), ["comment: x", ""] + body,
            body + ["===="],
        ]
        for body in bodies {
            expectRefusal(([lines[0]] + body + [lines[lines.count - 1]]).joined(separator: "\n"))
        }
        for part in [lines[1...], lines.dropLast(), body[...]] as [ArraySlice<String>] {
            expectRefusal(part.joined(separator: "\n"))
        }
    }

    @Test("of anything but one certificate in DER is refused")
    func otherDER() {
        for bytes in [der + [0], der + der, Array(der.dropLast()), Array(der.dropFirst()), [0x30], [0x30, 0], [0xFF]] {
            expectRefusal(bytes, "DER")
        }
    }

    @Test("has 16,384 bytes at most")
    func size() throws {
        let most = RootCertificateFile.maximumByteCount
        let blanks = String(repeating: "\n", count: most - pem.utf8.count)
        #expect(try RootCertificateFile.parse(Array((pem + blanks).utf8)) == der)
        expectRefusal(Array((pem + blanks + "\n").utf8), "too long")
    }

    private func expectRefusal(_ text: String) {
        expectRefusal(Array(text.utf8), text)
    }

    private func expectRefusal(_ bytes: [UInt8], _ comment: String) {
        #expect(throws: AttestationError.badRootFile, "\(comment.debugDescription)") {
            try RootCertificateFile.parse(bytes)
        }
    }
}
