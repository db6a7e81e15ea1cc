// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser

/// Where a command writes what is no secret: the same options on every command.
struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Writes to a file instead of standard output.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @Flag(help: "Replaces files that are already there.")
    var force = false

    func validate() throws {
        guard output.map({ !MemberFiles.isStandardInput($0) }) ?? true else {
            throw ValidationError("--output needs the name of a file; without it, standard output is written to.")
        }
    }

    /// Refuses a file that is already there, or that cannot be replaced, before anything
    /// is done that could not be done again.
    ///
    /// - Parameter name: as for ``write(_:name:)``.
    func checkFree(name: String? = nil) throws(CommandFailure) {
        guard let path = path(name: name) else { return }
        if !force, MemberFiles.exists(path) { throw .alreadyThere(path) }
        try MemberFiles.demandReplaceable(path)
    }

    /// Writes the file, where one is asked for.
    ///
    /// - Parameter name: the file's name, where the option names a directory.
    /// - Returns: where it was written; nil where it is for standard output.
    func write(_ contents: [UInt8], name: String? = nil) throws(CommandFailure) -> String? {
        guard let path = path(name: name) else { return nil }
        try MemberFiles.write(contents.span, to: path, mode: 0o644, replacing: force)
        return path
    }

    private func path(name: String?) -> String? {
        guard let output else { return nil }
        guard let name, MemberFiles.isDirectory(output) else { return output }
        return Directory.path(of: name, in: output)
    }
}
