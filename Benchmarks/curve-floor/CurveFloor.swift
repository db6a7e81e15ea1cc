// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory

/// What the steps of a ceremony and of a forwarding cannot be faster than: each operation on a curve, and the
/// verification of an attestation document, measured alone on one thread.
///
/// Prints one JSON object: for each operation `{"min_us","median_us"}`, microseconds for one, over the batches.
@main
struct CurveFloor {
    static func main() throws {
        let inputs = try Inputs()
        let documents = try DocumentInputs()
        let timings = try [
            Timing("key_generation") { try inputs.generateKey($0) },
            Timing("point_check") { inputs.checkPoint($0) },
            Timing("agreement") { try inputs.agree($0) },
            Timing("signature") { try inputs.sign($0) },
            Timing("verification") { try inputs.verify($0) },
            Timing("envelope_seal") { try inputs.sealEnvelope($0) },
            Timing("guarded_memory") { try inputs.takeGuardedMemory($0) },
            Timing("p384_verification") { documents.verifySignature($0) },
            Timing("document_verification") { try documents.verifyDocument($0) },
        ]
        print("{\(timings.map(\.json).joined(separator: ","))}")
    }
}

/// How long one operation takes.
struct Timing {
    private static let batches = 21
    private static let batchMicroseconds = 10_000.0

    let name: String
    let fastest: Double
    let median: Double

    /// Measures in batches of about ten milliseconds, after one that sets their size and warms up.
    ///
    /// - Parameter operation: gets a number that is another one each time; says whether the result was right.
    init(_ name: String, of operation: (Int) throws -> Bool) throws {
        let single = try Self.microseconds(32, operation)
        let count = max(1, Int(Self.batchMicroseconds / max(single, 0.1)))
        let each = try (0..<Self.batches).map { _ in try Self.microseconds(count, operation) }.sorted()
        self.name = name
        fastest = each[0]
        median = each[each.count / 2]
    }

    var json: String { #""\#(name)":{"min_us":\#(fastest),"median_us":\#(median)}"# }

    /// Microseconds for one of `count` in a row.
    private static func microseconds(_ count: Int, _ operation: (Int) throws -> Bool) throws -> Double {
        let clock = ContinuousClock()
        var isRight = true
        let elapsed = try clock.measure {
            for number in 0..<count {
                let result = try operation(number)
                isRight = isRight && result
            }
        }
        guard isRight else { throw WrongResult() }
        return elapsed / .microseconds(1) / Double(count)
    }
}

/// An operation gave what it must not give; its time is then worth nothing.
struct WrongResult: Error {}
