// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import MemberCommands

/// Makes the keys of a trial quorum and the request for its genesis.
@main
enum GenesisKeyGenerator {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(await KeyGeneratorCommand.run(commandLine: arguments, in: .process()).rawValue)
    }
}
