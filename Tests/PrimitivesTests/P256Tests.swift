// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@Suite("P-256 points and agreement")
struct P256Tests {
    private static let one = [UInt8](repeating: 0, count: 31) + [1]

    @Test(
        "the smallest and the largest scalars have their public points",
        arguments: [
            (
                "0000000000000000000000000000000000000000000000000000000000000001",
                "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2"
                    + "964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51"
                    + "f5"
            ),
            (
                "0000000000000000000000000000000000000000000000000000000000000002",
                "047cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc476699"
                    + "7807775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873"
                    + "d1"
            ),
            (
                "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
                "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2"
                    + "96b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae"
                    + "0a"
            ),
        ])
    func known(scalar: String, point: String) throws {
        let made = try Self.point(of: Samples.hex(scalar))
        #expect(Hex.encode(made) == point)
        #expect(P256.isPoint(made))
    }

    @Test("scalars are 1 to n − 1, in 32 bytes")
    func range() throws {
        let generator = try Self.generator()
        for scalar in [Self.one, try Samples.order(less: 1), [0x7F] + [UInt8](repeating: 0xFF, count: 31)] {
            let isScalar = P256.isScalar(scalar.span)
            #expect(isScalar)
        }
        var above = try Samples.order(less: 0)
        above[31] += 1
        for scalar in [
            [UInt8](repeating: 0, count: 32), try Samples.order(less: 0), above,
            [UInt8](repeating: 0xFF, count: 32), [], [1], [0] + Self.one, Array(Self.one.dropFirst()),
        ] {
            let isScalar = P256.isScalar(scalar.span)
            #expect(!isScalar)
            #expect(throws: PrimitiveError.scalarOutOfRange) { try P256.publicPoint(of: scalar.span) }
            #expect(throws: PrimitiveError.scalarOutOfRange) { try Samples.agreed(scalar, generator) }
        }
    }

    private static func generator() throws -> [UInt8] {
        try point(of: one)
    }

    private static func point(of scalar: [UInt8]) throws -> [UInt8] {
        try P256.publicPoint(of: scalar.span)
    }

    /// Everything that is not 04 ‖ X ‖ Y of a point on the curve.
    private static func badPoints() throws -> [[UInt8]] {
        let point = try generator()
        // p (SEC 2 §2.4.2) as a coordinate is not below the field's size.
        let field = try Samples.hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")
        let above = [UInt8](repeating: 0xFF, count: 32)
        var bad: [[UInt8]] = [
            [], [0], [4], [3] + point[1...32], [2] + point[1...32], Array(point.dropLast()), point + [0],
            [4] + [UInt8](repeating: 0, count: 64), [UInt8](repeating: 0, count: 65),
            [4] + field + point[33...], [4] + point[1...32] + field, [4] + above + above,
        ]
        for first in [0, 1, 2, 3, 5, 6, 7, 0xFF] as [UInt8] { bad.append([first] + point[1...]) }
        for index in [1, 32, 33, 64] {
            var off = point
            off[index] ^= 1
            bad.append(off)
        }
        return bad
    }

    @Test("a point off the curve, compressed, hybrid, at infinity, or of another length is refused")
    func badPoints() throws {
        for point in try Self.badPoints() {
            #expect(!P256.isPoint(point), "\(Hex.encode(point))")
            #expect(throws: PrimitiveError.badPoint) { try Samples.agreed(Self.one, point) }
        }
    }

    @Test("an x without a y on the curve is refused, and one with y of zero bytes in front is not")
    func coordinates() throws {
        var found = 0
        for number in 1...200 as ClosedRange<UInt8> {
            let scalar = SHA256.digest([number])
            let point = try P256.publicPoint(of: scalar.span)
            #expect(P256.isPoint(point))
            if point[1] == 0 || point[33] == 0 { found += 1 }
        }
        #expect(found > 0)
    }

    @Test("both sides agree on the same x")
    func bothSides() throws {
        for number in 0..<20 as Range<UInt8> {
            let (mine, theirs) = (SHA256.digest([number]), SHA256.digest([number, 1]))
            let (myPoint, theirPoint) = (try Self.point(of: mine), try Self.point(of: theirs))
            #expect(try Samples.agreed(mine, theirPoint) == Samples.agreed(theirs, myPoint))
        }
    }

    @Test("agreeing with a scalar of one or n − 1 gives the point's own x")
    func ownCoordinate() throws {
        let point = try Self.point(of: SHA256.digest([7]))
        let largest = try Samples.order(less: 1)
        #expect(try Samples.agreed(Self.one, point) == Array(point[1...32]))
        #expect(try Samples.agreed(largest, point) == Array(point[1...32]))
    }

    @Test("an output of another length fails", arguments: [0, 31, 33])
    func outputLength(count: Int) throws {
        let point = try Self.generator()
        #expect(throws: PrimitiveError.failed) {
            try Samples.filled(count) { x throws(PrimitiveError) in
                try P256.agree(scalar: Self.one.span, point: point, into: &x)
            }
        }
    }

    @Test("starting the libraries again changes nothing")
    func start() throws {
        try CryptoLibraries.start()
        try CryptoLibraries.start()
    }
}
