// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Quorum

/// Where a member's record of nonces is, and whether to go behind it: the same options on every command.
struct NonceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The directory that remembers the highest nonce of each namespace. \
            (default: $XDG_STATE_HOME/renclave, else ~/.local/state/renclave)
            """,
            valueName: "directory"
        ),
        completion: .directory
    )
    var state: String?

    @Flag(help: "Allows a lower nonce than the highest one that you have agreed to, and another quorum key.")
    var rollback = false

    @Flag(help: "Allows another quorum key than the one that you know the namespace with.")
    var newQuorumKey = false

    /// Reads the record and compares a manifest with it.
    ///
    /// - Returns: the record, to remember the manifest in.
    func check(_ manifest: CheckedManifest, in session: CommandSession) throws(CommandFailure) -> NonceMemory {
        let memory = try memory(in: directory(in: session), session)
        try memory.check(manifest, in: session)
        return memory
    }

    /// The record for a trial, which is compared and nothing more: a trial's keys are worth nothing, and are no reason
    /// to object to others.
    ///
    /// - Returns: nil where there is no place for a record.
    func trialMemory(in session: CommandSession) throws(CommandFailure) -> NonceMemory? {
        guard let directory = knownDirectory(in: session) else { return nil }
        return try memory(in: directory, session)
    }

    private func memory(in directory: String, _ session: CommandSession) throws(CommandFailure) -> NonceMemory {
        try NonceMemory(
            directory: directory,
            allowing: NonceMemory.Allowance(rollback: rollback, newQuorumKey: newQuorumKey),
            in: session
        )
    }

    /// Refuses to go on where there is no place for the record, before anything is read.
    ///
    /// - Throws: a misuse.
    func demandDirectory(in session: CommandSession) throws(CommandFailure) {
        _ = try directory(in: session)
    }

    private func directory(in session: CommandSession) throws(CommandFailure) -> String {
        guard let directory = knownDirectory(in: session) else {
            throw .misuse("There is no home directory to remember nonces in.", hint: "Name a directory with --state.")
        }
        return directory
    }

    private func knownDirectory(in session: CommandSession) -> String? {
        if let state { return state }
        // The XDG Base Directory Specification: a path that is not absolute does not count.
        if let base = session.environment("XDG_STATE_HOME"), base.hasPrefix("/") {
            return Directory.path(of: "renclave", in: base)
        }
        guard let home = session.environment("HOME"), home.hasPrefix("/") else { return nil }
        return Directory.path(of: ".local/state/renclave", in: home)
    }
}
