// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives

/// The 32 registers (PCRs) of an emulated module, 48 bytes each.
///
/// As in an enclave on hardware, 0 to 15 are locked from the start, and the others with what is committed to.
struct RegisterBank {
    static let count = 32
    /// What was measured at the start, and cannot be extended.
    static let measured = 0..<16

    private var values: [[UInt8]]
    private var isCommitted = false

    /// - Parameter measured: registers 0 and those that follow; the rest are zero.
    init(measured: [[UInt8]]) {
        let zero = [UInt8](repeating: 0, count: SHA384.byteCount)
        values = measured + Array(repeating: zero, count: Self.count - measured.count)
    }

    /// The value of a register.
    ///
    /// - Throws: `invalidIndex` where there is no such register.
    func value(of index: Int) throws(SecurityModuleError) -> [UInt8] {
        guard values.indices.contains(index) else { throw .refused(.invalidIndex) }
        return values[index]
    }

    /// Registers that are locked, in ascending order: what a document lists.
    var locked: ArraySlice<[UInt8]> {
        isCommitted ? values[...] : values[Self.measured]
    }

    /// Makes registers 16 to 31 zero again, extends each that is given, and locks all; or changes nothing.
    ///
    /// - Throws: `invalidIndex` where there is no such register, `readOnlyIndex` where it was measured.
    mutating func commit(_ extensions: [(register: Int, data: [UInt8])]) throws(SecurityModuleError) {
        var bank = RegisterBank(measured: Array(values[Self.measured]))
        for (index, data) in extensions {
            let value = try bank.value(of: index)
            guard !Self.measured.contains(index) else { throw .refused(.readOnlyIndex) }
            bank.values[index] = SHA384.digest(value + data)
        }
        bank.isCommitted = true
        self = bank
    }
}
