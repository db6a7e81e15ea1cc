// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser

/// Which gateway a command talks to: the same option on every command.
struct GatewayOptions: ParsableArguments {
    static let variable = "RENCLAVE_URL"

    @Option(
        help: ArgumentHelp(
            "The gateway's address. (default: \(variable), else \(GatewayAddress.standard.text))",
            valueName: "url"
        )
    )
    var url: String?

    func validate() throws {
        // The address itself is not repeated: it may hold a password, which is one reason to refuse it.
        if let url, GatewayAddress(url) == nil {
            throw ValidationError("--url \(GatewayAddress.rule).")
        }
    }

    /// The address that the option, else the environment, else the default gives.
    ///
    /// - Throws: A misuse where `RENCLAVE_URL` is set to something else.
    func address(in session: CommandSession) throws(CommandFailure) -> GatewayAddress {
        guard let text = url ?? session.environment(Self.variable) else { return .standard }
        guard let address = GatewayAddress(text) else {
            throw .misuse("\(url == nil ? Self.variable : "--url") \(GatewayAddress.rule).")
        }
        return address
    }

    /// The same address, after a warning where a secret would travel in the clear.
    ///
    /// - Parameter secrets: What travels, in the plural.
    func address(sending secrets: String, in session: CommandSession) throws(CommandFailure) -> GatewayAddress {
        let address = try address(in: session)
        if !address.isEncrypted, !address.isLoopback {
            session.output.remark(
                "Warning: \(address.text) is not encrypted: everyone on the way can read \(secrets). Use https."
            )
        }
        return address
    }
}
