// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import SecretMemory

/// The files of a member's command: what it reads, with a bound, and what it writes, all or nothing.
///
/// Keys are read by ``KeyFile``. Files that hold a secret are not named in errors, as with ``SecretOrigin``: what
/// stands in the place of their name may be the secret itself.
enum MemberFiles {
    /// The most bytes of a file that is no secret.
    static let limit = 8 << 20
    /// The most bytes of a file that holds a secret.
    static let secretLimit = 4096

    /// Whether a name stands for standard input.
    static func isStandardInput(_ name: String) -> Bool {
        name.utf8.elementsEqual("-".utf8)
    }

    /// Refuses a command line on which two names stand for standard input, which has only one end, or on which a file
    /// is read and written too.
    ///
    /// - Parameters:
    ///   - names: all files that the command reads, those not given as nil.
    ///   - outputs: all files that it writes, likewise.
    /// - Throws: a misuse, which repeats none of the names.
    static func demandOneStandardInput(
        _ names: [String?],
        writing outputs: [String?] = []
    ) throws(CommandFailure) {
        guard names.count(where: { $0.map(isStandardInput) ?? false }) <= 1 else {
            throw .misuse("Only one file can be read from standard input.")
        }
        let targets = outputs.compactMap { $0.flatMap(FileIdentity.init(of:)) }
        let isOverwritten = names.contains { name in
            name.flatMap { isStandardInput($0) ? nil : FileIdentity(of: $0) }.map(targets.contains) ?? false
        }
        guard !isOverwritten else {
            throw .misuse("A file that this command reads would be replaced by what it writes.")
        }
    }

    /// Reads a file that is no secret.
    ///
    /// - Parameters:
    ///   - name: a path, or `-` for standard input.
    ///   - content: what it holds, such as "manifest", for errors.
    ///   - isNamed: whether errors may repeat the name, in whose place no secret can stand.
    static func read(
        _ name: String,
        _ content: String,
        isNamed: Bool = true,
        in session: CommandSession
    ) throws(CommandFailure) -> [UInt8] {
        let place = isStandardInput(name) ? " on standard input" : isNamed ? " \(name)" : ""
        let label = "The \(content)\(place)"
        do {
            if isStandardInput(name) { return try session.input.read(limit: limit) }
            let file = try ReadableFile(name)
            defer { file.close() }
            return try file.descriptor.read(limit: limit)
        } catch {
            throw error.failure(of: label, limit: limit)
        }
    }

    /// Reads a file that holds a secret.
    ///
    /// - Parameters:
    ///   - name: a path, or `-` for standard input; at a terminal one line is asked for, which is not shown.
    ///   - content: what it holds, such as "secret key", for errors and the question.
    ///   - warning: whether to warn where others may read the file too.
    static func readSecret(
        _ name: String,
        _ content: String,
        warning: Bool = true,
        in session: CommandSession
    ) throws(CommandFailure) -> SecretBytes {
        if warning { warnIfOpenToOthers(name, content, in: session) }
        do {
            guard isStandardInput(name) else {
                let file = try ReadableFile(name)
                defer { file.close() }
                return try file.descriptor.readSecret(limit: secretLimit)
            }
            return try standardInputSecret(content, in: session)
        } catch {
            throw error.failure(of: "The \(content)", limit: secretLimit)
        }
    }

    /// Says so where the group or everybody has a right to a file that holds a secret.
    static func warnIfOpenToOthers(_ name: String, _ content: String, in session: CommandSession) {
        guard !isStandardInput(name), let status = status(of: name), status.st_mode & S_IFMT == S_IFREG,
            status.st_mode & 0o077 != 0
        else { return }
        session.output.remark("Warning: the file of the \(content) is open to other users; chmod 600 keeps it to you.")
    }

    private static func standardInputSecret(
        _ content: String,
        in session: CommandSession
    ) throws(SecretInputError) -> SecretBytes {
        var bytes: [UInt8]
        if session.input.isTerminal {
            session.output.prompt("The \(content) (not shown): ")
            defer { session.output.endPrompt() }
            bytes = try session.input.hiddenLine(limit: secretLimit)
        } else {
            bytes = try session.input.read(limit: secretLimit)
        }
        defer { bytes.erase() }
        var secret = try SecretBytes(lockedFor: bytes.count)
        secret.withMutableBytes { $0.copy(bytes.span, at: 0) }
        secret.truncate(to: bytes.count)
        return secret
    }

    /// Writes one file: complete and on the disk, or not at all, also where the process is ended on the way.
    ///
    /// - Parameters:
    ///   - mode: what the umask leaves of it is the file's.
    ///   - replacing: whether a file of that name is replaced, in one step; otherwise it is never touched.
    static func write(
        _ contents: borrowing Span<UInt8>,
        to path: String,
        mode: mode_t,
        replacing: Bool
    ) throws(CommandFailure) {
        try StagedFile(contents, for: path, mode: mode).publish(replacing: replacing)
    }

    /// Makes a directory that only its owner may enter, where there is none.
    ///
    /// - Returns: whether it was made.
    static func makeDirectory(_ path: String) throws(CommandFailure) -> Bool {
        // The path is copied for the call.
        if unsafe mkdir(path, 0o700) == 0 { return true }
        let code = errno
        if code == EEXIST, isDirectory(path) { return false }
        throw .system("The directory \(path) cannot be made", code)
    }

    /// Whether something has that name; a link that leads nowhere is something too.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        // The path is copied for the call, and the structure is ours.
        return unsafe lstat(path, &status) == 0
    }

    /// Whether it is a directory, or a link to one.
    static func isDirectory(_ path: String) -> Bool {
        status(of: path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        // As above.
        return unsafe stat(path, &status) == 0 ? status : nil
    }
}

extension CommandFailure {
    /// Something that the system refused.
    ///
    /// - Parameters:
    ///   - sentence: without a full stop.
    ///   - code: the system's error number.
    static func system(_ sentence: String, _ code: Int32) -> Self {
        // A constant string of the C library, or its own buffer, copied at once.
        .failed("\(sentence): \(unsafe String(cString: strerror(code))).")
    }
}
