// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Everything outside the process that a command may touch, passed in so that whole sessions can be tested.
package struct CommandSession: Sendable {
    /// The value of an environment variable, where it is set.
    package let environment: @Sendable (_ name: String) -> String?
    /// Standard input, and a person at the terminal.
    package let input: any CommandInput
    /// Standard output and standard error.
    package let output: CommandOutput
    /// How long a command may talk to the gateway, all its calls together.
    package let timeLimit: Duration
    /// The time of day.
    let clock: @Sendable () -> Moment

    /// A session made of these, by the system's clock.
    package init(
        environment: @escaping @Sendable (_ name: String) -> String?,
        input: any CommandInput,
        output: CommandOutput,
        timeLimit: Duration
    ) {
        self.init(
            environment: environment, input: input, output: output, timeLimit: timeLimit, clock: { Moment.now })
    }

    /// A session made of these.
    init(
        environment: @escaping @Sendable (_ name: String) -> String?,
        input: any CommandInput,
        output: CommandOutput,
        timeLimit: Duration,
        clock: @escaping @Sendable () -> Moment
    ) {
        self.environment = environment
        self.input = input
        self.output = output
        self.timeLimit = timeLimit
        self.clock = clock
    }
}
