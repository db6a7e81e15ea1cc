// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import Glibc

extension CommandSession {
    /// The session of this process: its environment, standard streams and 15 seconds.
    package static func process() -> Self {
        // A phrase or passphrase in this process's memory must not end in a core file.
        _ = renclave_forbid_core_files()
        return CommandSession(
            environment: { name in
                // The value is copied at once, and nothing here ever changes the environment.
                unsafe getenv(name).map { unsafe String(cString: $0) }
            },
            input: StandardInput(),
            output: CommandOutput(
                isTerminal: isatty(STDOUT_FILENO) == 1,
                standardOutput: { text throws(OutputError) in
                    try FileDescriptor(number: STDOUT_FILENO).write(text)
                },
                standardError: { text throws(OutputError) in
                    try FileDescriptor(number: STDERR_FILENO).write(text)
                }
            ),
            timeLimit: .seconds(15)
        )
    }
}
