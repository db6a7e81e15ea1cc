// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Synchronization

@testable import MemberCommands

/// A whole command line, run with everything around it scripted and everything it says written down.
struct RecordedSession {
    /// Standard input and what is typed, line for line.
    struct Input: CommandInput {
        var isTerminal = false
        var piped: [UInt8] = []
        let typed = TypedLines()

        func read(limit: Int) throws(SecretInputError) -> [UInt8] {
            guard piped.count <= limit else { throw .tooLarge }
            return piped
        }

        func hiddenLine(limit: Int) throws(SecretInputError) -> [UInt8] {
            guard let line = typed.next() else { throw .cancelled }
            return Array(line.utf8)
        }
    }

    final class TypedLines: Sendable {
        private let lines = Mutex<[String]>([])

        func type(_ texts: [String]) { lines.withLock { $0 += texts } }

        func next() -> String? { lines.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    }

    private final class Paper: Sendable {
        private let text = Mutex("")

        func add(_ more: String) { text.withLock { $0 += more } }

        var all: String { text.withLock { $0 } }
    }

    let status: CommandStatus
    let output: String
    let errors: String

    var outputLines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    /// - Parameters:
    ///   - typed: Lines typed at a terminal; where it is absent, standard input is a pipe that holds `piped`.
    ///   - outputFails: Whether standard output takes nothing, like a full disk.
    ///   - clock: The time of day.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        typed: [String]? = nil,
        piped: String = "",
        terminalOutput: Bool = false,
        outputFails: Bool = false,
        timeLimit: Duration = .seconds(60),
        clock: Moment = TrialModule.moment
    ) async -> Self {
        let (output, errors) = (Paper(), Paper())
        let input = Input(isTerminal: typed != nil, piped: Array(piped.utf8))
        input.typed.type(typed ?? [])
        let session = CommandSession(
            environment: { environment[$0] },
            input: input,
            output: CommandOutput(
                isTerminal: terminalOutput,
                standardOutput: { text throws(OutputError) in
                    if outputFails { throw OutputError() }
                    output.add(text)
                },
                standardError: { text throws(OutputError) in errors.add(text) }
            ),
            timeLimit: timeLimit,
            clock: { clock }
        )
        let status = await RenclaveCommand.run(arguments, in: session)
        return Self(status: status, output: output.all, errors: errors.all)
    }
}
