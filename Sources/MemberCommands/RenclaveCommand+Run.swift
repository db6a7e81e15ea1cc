// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import ArgumentParser

extension ParsableCommand {
    /// Parses one command line, runs it and says how it went; everything it has to say is written to `session`.
    ///
    /// - Parameter arguments: What follows the program's name.
    package static func run(_ arguments: [String], in session: CommandSession) async -> CommandStatus {
        do {
            try refusePhrase(in: arguments)
            var command = try parseAsRoot(arguments)
            guard let member = command as? any MemberCommand else {
                // A noun without a verb and `help` answer with a help page, which they throw.
                try command.run()
                return .done
            }
            return try await member.run(in: session)
        } catch let failure as CommandFailure {
            session.output.failure(failure)
            return failure.status
        } catch is OutputError {
            session.output.failure(.failed("The answer could not be written to standard output."))
            return .failed
        } catch {
            return report(error, to: session.output)
        }
    }

    /// Says what the parser has to say: a help page, a version, a completion script, or what was used wrongly.
    private static func report(_ error: any Error, to output: CommandOutput) -> CommandStatus {
        let text = fullMessage(for: error)
        guard exitCode(for: error).isSuccess else {
            output.complaint(text)
            return exitCode(for: error) == .validationFailure ? .misuse : .failed
        }
        do {
            try output.page(text)
            return .done
        } catch {
            return .failed
        }
    }

    /// A phrase in the arguments must not reach the parser, whose messages repeat what they do not understand.
    private static func refusePhrase(in arguments: [String]) throws(CommandFailure) {
        let words = withoutShareNames(arguments).flatMap {
            $0.split(whereSeparator: { $0.isWhitespace || $0 == "=" || $0 == "," })
        }
        // No command line has nearly as many plain words as the shortest phrase.
        guard words.count(where: { $0.allSatisfy(\.isLetter) }) < 12 else {
            throw .misuse(
                "This looks like a seed phrase in the arguments, where other users and the shell's history see it.",
                hint: "Delete it from the history, and run: renclave seed validate"
            )
        }
    }

    /// The arguments without the names of share files, of which there may be many; their errors never repeat them.
    private static func withoutShareNames(_ arguments: [String]) -> [String] {
        var isShareName = false
        return arguments.filter { argument in
            if argument.hasPrefix("-") { isShareName = ["--share", "--share-json"].contains(argument) }
            return !isShareName || argument.contains(where: \.isWhitespace)
        }
    }
}
