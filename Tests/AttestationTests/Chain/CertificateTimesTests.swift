// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Attestation

@Suite("the seconds of a certificate's times")
struct CertificateTimesTests {
    /// Where the seconds of both times of a certificate stand: before a `Z`, in a text of 13 digits and letters.
    private static func seconds(in der: [UInt8]) -> [Int] {
        der.indices.filter { index in
            index >= 2 && index + 14 < der.count && der[index] == 0x17 && der[index + 1] == 13
                && der[index + 14] == UInt8(ascii: "Z")
        }.map { $0 + 12 }
    }

    private static func certificate() throws -> (document: AttestationDocument, seconds: [Int]) {
        let document = try AttestationDocument(parsing: OwnDocuments.valid().document)
        return (document, seconds(in: document.certificate))
    }

    @Test("those of a clock are read", arguments: ["00", "09", "59"])
    func clock(text: String) throws {
        let (document, places) = try Self.certificate()
        #expect(places.count == 2)
        for place in places {
            var der = document.certificate
            der.replaceSubrange(place..<place + 2, with: Array(text.utf8))
            #expect(CertificateTimes.areOfTheClock(der))
        }
    }

    @Test("leap seconds and worse are refused in either time", arguments: ["60", "61", "62", "99", "5Z", "Z5"])
    func leap(text: String) throws {
        let (document, places) = try Self.certificate()
        for place in places {
            var der = document.certificate
            der.replaceSubrange(place..<place + 2, with: Array(text.utf8))
            #expect(!CertificateTimes.areOfTheClock(der))
        }
    }

    @Test("what is no certificate has none")
    func none() throws {
        let der = try Self.certificate().document.certificate
        for bytes in [[], [0x30, 0], [0x30, 2, 0x30, 0], Array(der.dropLast()), Array(der.prefix(40))] {
            #expect(!CertificateTimes.areOfTheClock(bytes))
        }
    }
}
