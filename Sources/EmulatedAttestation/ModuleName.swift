// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What an emulated module calls itself: of the form of an EC2 instance and its enclave, but for the first word.
struct ModuleName {
    /// `emulated-` and 17 hexadecimal digits.
    let instance: String
    /// `module_id` of a document: the instance, `-enc` and 16 hexadecimal digits.
    let text: String

    /// A name that no other module has.
    init() {
        instance = "emulated-\(Self.digits(17))"
        text = "\(instance)-enc\(Self.digits(16))"
    }

    /// Random hexadecimal digits, in lower case.
    static func digits(_ count: Int) -> String {
        (0..<count).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
    }
}
