// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import ArgumentParser
import Glibc

/// Reads a daemon's command line; a wrong one ends the process with ``ExitStatus/misuse``.
package enum CommandLineFlags {
    /// The flags; does not return where they are wrong or only ask for help.
    package static func parse<Flags: ParsableCommand>(_ type: Flags.Type) -> Flags {
        do {
            return try Flags.parse()
        } catch {
            let isAnswer = Flags.exitCode(for: error) == .success
            let message = Flags.fullMessage(for: error)
            if isAnswer {
                print(message)
            } else {
                StandardError.write("\(message)\n")
            }
            exit(isAnswer ? ExitStatus.success.rawValue : ExitStatus.misuse.rawValue)
        }
    }
}
