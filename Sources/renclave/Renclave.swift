// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import MemberCommands

/// The operator's tool.
@main
enum Renclave {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(await RenclaveCommand.run(arguments, in: .process()).rawValue)
    }
}
