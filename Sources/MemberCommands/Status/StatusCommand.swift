// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser

/// `renclave status`
struct StatusCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how gateways and their enclaves are doing.",
        discussion: """
            One gateway is a page; several are a table, in which an enclave is marked that holds another quorum key \
            than the first, or than the one that is expected.

            The exit status is 0 if every gateway is ready and holds the key, and 1 if one is not, does not, or cannot \
            be reached.
            """
    )

    @Argument(help: ArgumentHelp("The gateways' addresses.", valueName: "url"))
    var urls: [String] = []

    @OptionGroup var expected: ExpectedKeyOptions

    @Option(
        defaultAsFlag: "2",
        parsing: .next,
        help: ArgumentHelp("Shows it again every few seconds, until interrupted.", valueName: "seconds")
    )
    var watch: String?

    @Option(help: ArgumentHelp("With --watch, ends after showing it so many times.", valueName: "times"))
    var count: Int?

    @Flag(help: "Prints one JSON object a gateway: url, ready, health, enclave; of several same_key and error too.")
    var json = false

    @OptionGroup var gateway: GatewayOptions

    func validate() throws {
        guard named.allSatisfy({ GatewayAddress($0) != nil }) else {
            throw ValidationError("An address \(GatewayAddress.rule).")
        }
        guard named.isEmpty || gateway.url == nil else {
            throw ValidationError("Name addresses either with --url or without.")
        }
        guard count == nil || watch != nil, count.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--count is for --watch, and at least 1.")
        }
        guard interval.map({ (0...86_400).contains($0) }) ?? true else {
            throw ValidationError("--watch takes 0 to 86400 seconds.")
        }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        let addresses = named.isEmpty ? [try gateway.address(in: session)] : named.compactMap(GatewayAddress.init)
        let pinned = try expected.fingerprint(in: session)
        let expectation = pinned.map { FleetKey.Expectation.pinned(fingerprint: $0) } ?? .any
        guard let interval else { return try await show(addresses, expectation, in: session) }
        var rounds = 1
        while true {
            let status = try await show(addresses, expectation, in: session)
            if let count, rounds >= count { return status }
            rounds += 1
            try await Task.sleep(for: .seconds(interval))
        }
    }

    private func show(
        _ addresses: [GatewayAddress],
        _ expectation: FleetKey.Expectation,
        in session: CommandSession
    ) async throws -> CommandStatus {
        let fleet = try await FleetStatus.ask(addresses, expecting: expectation, timeLimit: session.timeLimit)
        if watch != nil, !json { try session.output.beginScreen(headed: session.clock().text) }
        if fleet.members.count == 1, let member = fleet.members.first {
            try show(member, expectation, to: session.output)
        } else if json {
            for member in fleet.members { try session.output.json(member.json(isFleet: true)) }
        } else {
            try session.output.lines(FleetTable(fleet).lines)
        }
        return fleet.isSound ? .done : .failed
    }

    private func show(
        _ member: FleetStatus.Member,
        _ expectation: FleetKey.Expectation,
        to output: CommandOutput
    ) throws {
        if json {
            try output.json(member.json(isFleet: expectation != .any))
        } else if let status = member.status {
            try output.lines(StatusPage(status, expecting: expectation, hasSameKey: member.hasSameKey).lines)
        }
        if let failure = member.failure { output.failure(failure) }
    }
}

extension StatusCommand {
    /// The word behind `--watch` is a number of seconds, or else the first address.
    private var interval: Int? {
        watch.map { Int($0) ?? 2 }
    }

    private var named: [String] {
        guard let watch, Int(watch) == nil else { return urls }
        return [watch] + urls
    }
}
