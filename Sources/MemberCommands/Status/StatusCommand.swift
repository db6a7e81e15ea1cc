// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser

/// `renclave status`
struct StatusCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how the gateway and its enclave are doing.",
        discussion: "The exit status is 0 if the gateway is ready, and 1 if it is not or cannot be reached."
    )

    @Flag(help: "Prints one JSON object: url, ready, health, enclave.")
    var json = false

    @OptionGroup var gateway: GatewayOptions

    func run(in session: CommandSession) async throws -> CommandStatus {
        let address = try gateway.address(in: session)
        let status: GatewayStatus
        do {
            status = try await GatewayClient.withClient(of: address, timeLimit: session.timeLimit) { client in
                try await GatewayStatus.ask(client)
            }
        } catch {
            if json { try session.output.json(GatewayStatus.unknownJSON(of: address)) }
            throw error
        }
        if json {
            try session.output.json(status.json)
        } else {
            try session.output.lines(StatusPage(status).lines)
        }
        return status.isReady ? .done : .failed
    }
}
