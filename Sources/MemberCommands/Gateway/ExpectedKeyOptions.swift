// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives

/// Which quorum key enclaves must hold: the same option on every command that looks at several.
struct ExpectedKeyOptions: ParsableArguments {
    static let variable = "EXPECTED_QUORUM_KEY"

    @Option(
        help: ArgumentHelp(
            "The fingerprint of the quorum key that enclaves must hold. (default: \(variable), where it is set)",
            valueName: "hex")
    )
    var expectKey: String?

    func validate() throws {
        guard expectKey.map({ Self.fingerprint($0) != nil }) ?? true else {
            throw ValidationError("--expect-key \(Self.rule).")
        }
    }

    /// 64 digits in lower case; nil where no key is expected.
    ///
    /// - Throws: a misuse where `EXPECTED_QUORUM_KEY` is set to something else.
    func fingerprint(in session: CommandSession) throws(CommandFailure) -> String? {
        guard let text = expectKey ?? session.environment(Self.variable) else { return nil }
        guard let fingerprint = Self.fingerprint(text) else { throw .misuse("\(Self.variable) \(Self.rule).") }
        return fingerprint
    }

    private static let rule = "must be a fingerprint: 64 hexadecimal characters"

    private static func fingerprint(_ text: String) -> String? {
        Hex.decode(text).flatMap { $0.count == SHA256.byteCount ? Hex.encode($0) : nil }
    }
}
