// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@Suite("HKDF-SHA512")
struct HKDFSHA512Tests {
    struct Row: Sendable {
        let salt: [UInt8]
        let secret: [UInt8]
        let info: [UInt8]
        let prk: String
        let output: String
    }

    /// The inputs of RFC 5869 A.1 to A.3; the outputs by another implementation, as the RFC has none for SHA-512.
    static let rows = [
        Row(
            salt: Array(0...12), secret: [UInt8](repeating: 0x0B, count: 22), info: Array(0xF0...0xF9),
            prk: "665799823737ded04a88e47e54a5890bb2c3d247c7a4254a8e61350723590a26"
                + "c36238127d8661b88cf80ef802d57e2f7cebcf1e00e083848be19929c61b4237",
            output: "832390086cda71fb47625bb5ceb168e4c8e26a1a16ed34d9fc7fe92c14815793"
                + "38da362cb8d9f925d7cb"
        ),
        Row(
            salt: Array(0x60...0xAF), secret: Array(0...0x4F), info: Array(0xB0...0xFF),
            prk: "35672542907d4e142c00e84499e74e1de08be86535f924e022804ad775dde27e"
                + "c86cd1e5b7d178c74489bdbeb30712beb82d4f97416c5a94ea81ebdf3e629e4a",
            output: "ce6c97192805b346e6161e821ed165673b84f400a2b514b2fe23d84cd189ddf1"
                + "b695b48cbd1c8388441137b3ce28f16aa64ba33ba466b24df6cfcb021ecff235"
                + "f6a2056ce3af1de44d572097a8505d9e7a93"
        ),
        Row(
            salt: [], secret: [UInt8](repeating: 0x0B, count: 22), info: [],
            prk: "fd200c4987ac491313bd4a2a13287121247239e11c9ef82802044b66ef357e5b"
                + "194498d0682611382348572a7b1611de54764094286320578a863f36562b0df6",
            output: "f5fa02b18298a72a8c23898a8703472c6eb179dc204c03425c970e3b164bf90f"
                + "ff22d04836d0e2343bac"
        ),
    ]

    @Test("extracting and expanding give what is known, apart and together", arguments: rows)
    func known(row: Row) throws {
        let output = try Samples.hex(row.output)
        let prk = Samples.filled(HKDFSHA512.keyBytes) {
            HKDFSHA512.extract(salt: row.salt, secret: row.secret.span, into: &$0)
        }
        #expect(Hex.encode(prk) == row.prk)
        let expanded = Samples.filled(output.count) {
            HKDFSHA512.expand(prk: prk.span, info: row.info, into: &$0)
        }
        #expect(expanded == output)
        #expect(
            Samples.derived(salt: row.salt, secret: row.secret, info: row.info, count: output.count) == output)
    }

    @Test("a shorter output is the beginning of a longer one", arguments: [0, 1, 63, 64, 65, 127, 128, 129, 16320])
    func lengths(count: Int) {
        let secret = [UInt8](repeating: 0x0B, count: 22)
        let longest = Samples.derived(salt: [], secret: secret, info: [], count: HKDFSHA512.longestOutput)
        #expect(
            Hex.encode(SHA256.digest(longest)) == "2e94fb3be11b5b00f8b643b238552b1617550f30c1f1e01bb043267c5e16c484")
        #expect(
            Samples.derived(salt: [], secret: secret, info: [], count: count) == Array(longest.prefix(count)))
    }

    @Test("no secret and no key are taken")
    func empty() {
        #expect(Samples.derived(salt: [], secret: [], info: [], count: 64).count == 64)
        let zeros = [UInt8](repeating: 0, count: 64)
        #expect(
            Samples.derived(salt: [], secret: [1], info: [], count: 64)
                == Samples.derived(salt: zeros, secret: [1], info: [], count: 64))
    }

    @Test("more than a key can be expanded to ends the process")
    func tooLong() async {
        await #expect(processExitsWith: .failure) {
            _ = Samples.derived(salt: [], secret: [1], info: [], count: HKDFSHA512.longestOutput + 1)
        }
    }
}
