// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Attestation

private let zeros = String(repeating: "00", count: 48)
private let ones = String(repeating: "11", count: 48)
private let rootDigits = String(repeating: "Ab", count: 32)
private let set = #"{"pcr0":"\#(zeros)","pcr1":"\#(ones)","pcr2":"\#(ones)"}"#

@Suite("A policy file")
struct PolicyFileTests {
    @Test("may be empty, and is then the policy that asks for the least", arguments: ["{}", " { \n\t} \r\n"])
    func empty(text: String) throws {
        #expect(try AttestationPolicy(parsing: Array(text.utf8)) == AttestationPolicy())
    }

    @Test("says what is accepted")
    func full() throws {
        let text = #"""
            {
              "roots": ["\#(rootDigits)", "\#(RootFingerprint.awsNitro)"],
              "measurements": [
                \#(set),
                {"pcr3": "\#(zeros)", "pcr2": "\#(zeros)", "pcr1": "\#(ones)", "pcr0": "\#(ones)"}
              ],
              "max_age_seconds": 300
            }
            """#
        let zero = [UInt8](repeating: 0, count: 48)
        let one = [UInt8](repeating: 0x11, count: 48)
        let root = try #require(RootFingerprint(bytes: [UInt8](repeating: 0xAB, count: 32)))
        let policy = AttestationPolicy(
            roots: [root, .awsNitro],
            measurements: [
                AttestationPolicy.Measurements(pcr0: zero, pcr1: one, pcr2: one),
                AttestationPolicy.Measurements(pcr0: one, pcr1: one, pcr2: zero, pcr3: zero),
            ], maximumAge: 300_000)
        #expect(try AttestationPolicy(parsing: Array(text.utf8)) == policy)
    }

    @Test(
        "gives the age in seconds",
        arguments: [
            ("0", 0), ("1", 1000), ("18446744073709551", 18_446_744_073_709_551_000),
        ] as [(String, UInt64)])
    func age(digits: String, milliseconds: UInt64) throws {
        let policy = try AttestationPolicy(parsing: Array(#"{"max_age_seconds":\#(digits)}"#.utf8))
        #expect(policy.maximumAge == milliseconds)
    }

    @Test(
        "of anything else is refused",
        arguments: [
            "", " ", "null", "[]", "{", "}", "{}{}", "{} x", "\u{FEFF}{}", "{,}", #"{"roots"}"#, #"{"roots":}"#,
            // Names.
            #"{"nonce":"00"}"#, #"{"Roots":["\#(rootDigits)"]}"#, #"{"":1}"#, #"{max_age_seconds:1}"#,
            #"{"max_age_seconds":1,"max_age_seconds":1}"#, #"{"max_age_seconds":1,}"#, #"{"max_age_seconds" 1}"#,
            #"{"\u006dax_age_seconds":1}"#, #"{"max_age_seconds\u0000":1}"#, #"{"max_age_seconds":1 "roots":[]}"#,
            // Ages.
            #"{"max_age_seconds":"1"}"#, #"{"max_age_seconds":-1}"#, #"{"max_age_seconds":+1}"#,
            #"{"max_age_seconds":01}"#, #"{"max_age_seconds":00}"#, #"{"max_age_seconds":1.0}"#,
            #"{"max_age_seconds":1e3}"#, #"{"max_age_seconds":null}"#, #"{"max_age_seconds":18446744073709552}"#,
            #"{"max_age_seconds":18446744073709551616}"#, #"{"max_age_seconds":}"#, #"{"max_age_seconds":1"#,
            // Roots.
            #"{"roots":[]}"#, #"{"roots":null}"#, #"{"roots":"\#(rootDigits)"}"#, #"{"roots":["\#(rootDigits)",]}"#,
            #"{"roots":["\#(rootDigits)00"]}"#, #"{"roots":["\#(rootDigits.dropLast(2))"]}"#,
            #"{"roots":["\#(rootDigits.dropLast())"]}"#, #"{"roots":["0x\#(rootDigits)"]}"#,
            #"{"roots":["\#(rootDigits.dropLast())g"]}"#, #"{"roots":["\#(rootDigits) "]}"#, #"{"roots":[""]}"#,
            #"{"roots":["\#(rootDigits)"}"#, #"{"roots":["\#(rootDigits)]}"#, #"{"roots":[\#(rootDigits)]}"#,
            // Measurements.
            #"{"measurements":[]}"#, #"{"measurements":{}}"#, #"{"measurements":\#(set)}"#, #"{"measurements":[{}]}"#,
            #"{"measurements":["\#(zeros)"]}"#, #"{"measurements":[{"pcr0":"\#(zeros)","pcr1":"\#(zeros)"}]}"#,
            #"{"measurements":[{"pcr0":"\#(zeros)","pcr1":"\#(zeros)","pcr2":"00"}]}"#,
            #"{"measurements":[{"pcr0":"\#(zeros)","pcr1":"\#(zeros)","pcr2":"\#(zeros)","pcr4":"\#(zeros)"}]}"#,
            #"{"measurements":[{"pcr0":"\#(zeros)","pcr0":"\#(zeros)","pcr1":"\#(zeros)","pcr2":"\#(zeros)"}]}"#,
            #"{"measurements":[{"pcr0":"\#(zeros)","pcr1":"\#(zeros)","pcr2":"\#(zeros)","pcr3":null}]}"#,
            #"{"measurements":[\#(set) \#(set)]}"#, #"{"measurements":[\#(set),]}"#, #"{"measurements":[\#(set)"#,
        ])
    func bad(text: String) {
        #expect(throws: AttestationError.badPolicy) { try AttestationPolicy(parsing: Array(text.utf8)) }
    }

    @Test("cut off anywhere is refused")
    func truncated() {
        let text = Array(#"{"max_age_seconds":12,"roots":["\#(rootDigits)"],"measurements":[\#(set)]}"#.utf8)
        #expect(throws: Never.self) { try AttestationPolicy(parsing: text) }
        for count in text.indices {
            #expect(throws: AttestationError.badPolicy) { try AttestationPolicy(parsing: Array(text.prefix(count))) }
        }
    }

    @Test(
        "with a byte that is no text, or a control character, is refused",
        arguments: [0x00, 0x0A, 0x1F, 0x7F, 0x80, 0xFF])
    func bytes(byte: UInt8) {
        let text = Array(#"{"roots":[""#.utf8) + [byte] + Array(#""]}"#.utf8)
        #expect(throws: AttestationError.badPolicy) { try AttestationPolicy(parsing: text) }
    }

    @Test("has 65,536 bytes at most")
    func size() throws {
        let most = AttestationPolicy.maximumFileByteCount
        let blanks = [UInt8](repeating: 0x20, count: most - 2)
        #expect(try AttestationPolicy(parsing: Array("{}".utf8) + blanks) == AttestationPolicy())
        #expect(throws: AttestationError.badPolicy) {
            try AttestationPolicy(parsing: Array("{}".utf8) + blanks + [0x20])
        }
    }
}
