// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension Pivot {
    init(json: JSONValue, version: ManifestVersion) throws(QuorumError) {
        let unknown = version.unknownMembers
        try unknown.check(json, knowing: ["hash", "restart", "bridgeConfig", "debugMode", "args", "env"])
        let hash = try json.required("hash").hexBytes(count: Self.hashBytes)
        let restart = try RestartPolicy(json: json.required("restart"))
        var bridges: [BridgeConfig] = []
        var debugMode = false
        if version != .v0 {
            bridges = try json.required("bridgeConfig").elements().map { (bridge) throws(QuorumError) in
                try BridgeConfig(json: bridge, unknown: unknown)
            }
            debugMode = try json.required("debugMode").boolean()
        }
        let arguments = try json.required("args").elements().map { (argument) throws(QuorumError) in
            try argument.text()
        }
        let environment = version == .v2 ? try Self.environment(json.member("env")) : []
        self.init(
            hash: hash, restart: restart, bridges: bridges, debugMode: debugMode, arguments: arguments,
            environment: environment)
    }

    /// The variables of an object from names to values; none where it is missing.
    private static func environment(_ json: JSONValue?) throws(QuorumError) -> [PivotVariable] {
        guard let members = try json?.members() else { return [] }
        guard members.count <= PivotVariable.mostVariables else { throw .badPivotEnvironment }
        return try members.map { (member) throws(QuorumError) in
            try UnknownMembers.refused.check(member.value, knowing: ["plain"])
            let plain = try member.value.required("plain")
            try UnknownMembers.refused.check(plain, knowing: ["value"])
            return try PivotVariable(name: member.name, value: plain.required("value").text())
        }
    }

    func json(version: ManifestVersion) -> JSONValue {
        let hasBridges = version != .v0
        return .fields([
            "hash": .hex(hash), "restart": .string(restart.rawValue),
            "bridgeConfig": hasBridges ? .array(bridges.map(\.json)) : nil,
            "debugMode": hasBridges ? .bool(debugMode) : nil,
            "args": .array(arguments.map { .string($0) }),
            "env": environment.isEmpty ? nil : .object(environment.map(\.json)),
        ])
    }
}

extension PivotVariable {
    fileprivate var json: JSONMember {
        JSONMember(name: name, value: .fields(["plain": .fields(["value": .string(value)])]))
    }
}

extension RestartPolicy {
    init(json: JSONValue) throws(QuorumError) {
        guard let policy = Self(rawValue: try json.text()) else { throw .malformedManifest }
        self = policy
    }
}

extension BridgeConfig {
    init(json: JSONValue, unknown: UnknownMembers) throws(QuorumError) {
        try unknown.check(json, knowing: ["type", "port", "host"])
        let type = try json.required("type").text()
        let port = try json.required("port").unsigned16()
        switch type {
        case "server":
            self = .server(port: port, host: try json.required("host").text())
        case "client":
            self = .client(port: port, host: try json.optional("host")?.text())
        default:
            throw .malformedManifest
        }
    }

    var json: JSONValue {
        switch self {
        case .server(let port, let host):
            .fields(["type": .string("server"), "port": .number(port), "host": .string(host)])
        case .client(let port, let host):
            .fields(["type": .string("client"), "port": .number(port), "host": host.map { .string($0) }])
        }
    }
}
