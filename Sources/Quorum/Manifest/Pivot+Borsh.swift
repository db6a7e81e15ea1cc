// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension Pivot {
    /// A pivot of version 0 or 1; version 2 has no Borsh.
    init(from reader: inout BorshReader, version: ManifestVersion) throws(QuorumError) {
        let hash = try reader.fixed(Self.hashBytes)
        let restart = try RestartPolicy(from: &reader)
        var bridges: [BridgeConfig] = []
        var debugMode = false
        if version != .v0 {
            bridges = try reader.array(minimumBytes: BridgeConfig.minimumBorshBytes) { (reader) throws(QuorumError) in
                try BridgeConfig(from: &reader)
            }
            debugMode = try reader.bool()
        }
        let arguments = try reader.array(minimumBytes: 4) { (reader) throws(QuorumError) in try reader.string() }
        self.init(hash: hash, restart: restart, bridges: bridges, debugMode: debugMode, arguments: arguments)
    }

    func write(to writer: inout BorshWriter, version: ManifestVersion) {
        writer.fixed(hash)
        restart.write(to: &writer)
        if version != .v0 {
            writer.array(bridges) { writer, bridge in bridge.write(to: &writer) }
            writer.bool(debugMode)
        }
        writer.array(arguments) { writer, argument in writer.string(argument) }
    }
}

extension RestartPolicy {
    init(from reader: inout BorshReader) throws(QuorumError) {
        switch try reader.u8() {
        case 0: self = .never
        case 1: self = .always
        default: throw .malformedBorsh
        }
    }

    func write(to writer: inout BorshWriter) {
        writer.u8(self == .never ? 0 : 1)
    }
}

extension BridgeConfig {
    /// The index, the port, and the byte that says that there is no host.
    static let minimumBorshBytes = 4

    init(from reader: inout BorshReader) throws(QuorumError) {
        switch try reader.u8() {
        case 0:
            let port = try reader.u16()
            self = .server(port: port, host: try reader.string())
        case 1:
            let port = try reader.u16()
            let host = try reader.optional { (reader) throws(QuorumError) in try reader.string() }
            self = .client(port: port, host: host)
        default:
            throw .malformedBorsh
        }
    }

    func write(to writer: inout BorshWriter) {
        switch self {
        case .server(let port, let host):
            writer.u8(0)
            writer.u16(port)
            writer.string(host)
        case .client(let port, let host):
            writer.u8(1)
            writer.u16(port)
            writer.optional(host) { writer, host in writer.string(host) }
        }
    }
}
