// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser

/// A command that does something, in contrast to a noun that only groups commands.
protocol MemberCommand: ParsableCommand {
    /// Does it, after `validate()`.
    ///
    /// - Returns: ``CommandStatus/failed`` where the answer itself is a no, such as a phrase that is not valid.
    /// - Throws: ``CommandFailure``, or ``OutputError`` where standard output takes no more.
    func run(in session: CommandSession) async throws -> CommandStatus
}
