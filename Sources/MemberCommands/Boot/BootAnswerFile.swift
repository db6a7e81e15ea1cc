// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The file that the answer to a boot goes to. A boot is held once, so its answer must not be lost.
enum BootAnswerFile {
    /// Refuses a file in whose directory nothing can be written, before the boot; nothing is left of the attempt.
    static func demandWritable(_ path: String) throws(CommandFailure) {
        _ = try StagedFile([0].span, for: path, mode: 0o600)
    }

    /// Does what has to be done with an answer; where that fails, the answer is printed, so that it is not lost.
    ///
    /// - Parameter answer: JSON as it came; printed on one line where it is JSON.
    /// - Throws: what `body` throws, after the answer is printed.
    static func keeping<Result>(
        _ answer: GatewayAnswer,
        on screen: CommandOutput,
        remarking remark: String,
        _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as CommandFailure {
            screen.remark("\(remark) The answer is printed on standard output, since it is nowhere else: keep it.")
            try screen.json(answer.json ?? CommandOutput.printable(String(decoding: answer.body, as: UTF8.self)))
            throw error
        }
    }
}
