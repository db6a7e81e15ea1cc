// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum
import Testing

@Suite("field of 256 elements")
struct GaloisField256Tests {
    /// The product by long multiplication and division of polynomials.
    private static func plainProduct(_ one: UInt8, _ other: UInt8) -> UInt8 {
        var product: UInt16 = 0
        for bit in 0..<8 where other >> bit & 1 == 1 { product ^= UInt16(one) << bit }
        for bit in (8..<15).reversed() where product >> bit & 1 == 1 { product ^= 0x11B << (bit - 8) }
        return UInt8(product)
    }

    @Test("every product is that of polynomials modulo 0x11b", arguments: UInt8.min...UInt8.max)
    func products(one: UInt8) {
        let products = (UInt8.min...UInt8.max).map { GaloisField256.product(one, $0) }
        #expect(products == (UInt8.min...UInt8.max).map { Self.plainProduct(one, $0) })
    }

    @Test("every element but 0 times its inverse is 1, and 0 has itself for inverse")
    func inverses() {
        let products = (UInt8.min...UInt8.max).map { Self.plainProduct($0, GaloisField256.inverse(of: $0)) }
        #expect(products == [0] + [UInt8](repeating: 1, count: 255))
        #expect(GaloisField256.inverse(of: 0) == 0)
    }

    @Test("products commute, and distribute over sums", arguments: [0x00, 0x01, 0x02, 0x53, 0x80, 0xFF] as [UInt8])
    func laws(third: UInt8) {
        for one in UInt8.min...UInt8.max {
            let commuting = (UInt8.min...UInt8.max).allSatisfy {
                GaloisField256.product(one, $0) == GaloisField256.product($0, one)
            }
            let distributing = (UInt8.min...UInt8.max).allSatisfy {
                GaloisField256.product(one ^ $0, third)
                    == GaloisField256.product(one, third) ^ GaloisField256.product($0, third)
            }
            #expect(commuting && distributing, "\(one)")
        }
    }
}
