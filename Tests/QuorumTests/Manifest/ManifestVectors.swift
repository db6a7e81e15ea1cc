// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Testing

@testable import Quorum

/// A manifest of the vectors, in each of its forms.
struct ManifestVector: Sendable, CustomTestStringConvertible {
    let name: String
    let version: ManifestVersion
    /// The declared order, numbers as numbers.
    let json: JSONValue
    let hash: [UInt8]
    /// Of version 0 and 1.
    let borsh: [UInt8]?
    /// Of version 2.
    let canonical: [UInt8]?
    let envelope: JSONValue?

    var testDescription: String { name }

    var manifest: Manifest {
        get throws { try Manifest.decode(json.compact()) }
    }
}

/// The files of `Tests/Vectors/qos`, read so that the order of members is kept.
enum ManifestVectors {
    static func file(_ name: String) throws -> JSONValue {
        let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Vectors/qos/\(name)")
        return try JSONValue(parsing: Array(Data(contentsOf: url)))
    }

    /// One of each version, and the smallest of version 2.
    static func all() throws -> [ManifestVector] {
        let file = try file("manifests.json")
        return try file.required("manifests").elements().map { try vector($0) } + [vector(file.required("v2_minimal"))]
    }

    static func version(_ version: ManifestVersion) throws -> ManifestVector {
        try #require(try all().first { $0.version == version })
    }

    private static func vector(_ value: JSONValue) throws -> ManifestVector {
        let number = try value.optional("version")?.unsigned(max: 2)
        let version: ManifestVersion =
            switch number {
            case 0: .v0
            case 1: .v1
            default: .v2
            }
        return ManifestVector(
            name: number.map { "version \($0)" } ?? "version 2, minimal", version: version,
            json: try value.required("json"), hash: try value.required("hash").hexBytes(),
            borsh: try value.optional("borsh")?.hexBytes(),
            canonical: try value.optional("canonical").map { Array(try $0.text().utf8) },
            envelope: try value.optional("envelope_json"))
    }

    /// A manifest of few bytes, for what looks at each of them.
    static func small(_ version: ManifestVersion) throws -> Manifest {
        let member = QuorumMember(alias: "a", publicKey: [4])
        return try Manifest(
            version: version,
            namespace: Namespace(name: "n", nonce: 1, quorumKey: [1]),
            pivot: Pivot(
                hash: [UInt8](repeating: 2, count: 32), restart: .always,
                bridges: version == .v0 ? [] : [.server(port: 1, host: "h"), .client(port: 2, host: "i")],
                debugMode: version != .v0, arguments: ["x"],
                environment: version == .v2 ? [PivotVariable(name: "E", value: "v")] : []),
            manifestSet: MemberSet(threshold: 1, members: [member]),
            shareSet: MemberSet(threshold: 2, members: [member]),
            enclave: NitroConfig(
                pcr0: [5], pcr1: [6], pcr2: [7], pcr3: [8], awsRootCertificate: [9], qosCommit: "c"),
            patchSet: version == .v2 ? nil : PatchSet(threshold: 3, members: [[10]]),
            resolvers: version == .v2 ? ["::1"] : nil)
    }

    static func smallEnvelope(_ version: ManifestVersion) throws -> ManifestEnvelope {
        let approval = Approval(signature: [11], member: QuorumMember(alias: "a", publicKey: [4]))
        return ManifestEnvelope(
            manifest: try small(version), manifestSetApprovals: [approval, approval], shareSetApprovals: [approval])
    }
}

extension ManifestEnvelope {
    /// The Borsh of version 0 and 1.
    var borsh: [UInt8] {
        var writer = BorshWriter()
        write(to: &writer)
        return writer.bytes
    }
}

extension JSONValue {
    /// The value with another in place of the one that dotted names and indices lead to; `""` is the value itself.
    func changing(_ path: String, _ change: (JSONValue) -> JSONValue) -> JSONValue {
        changing(path.split(separator: ".").map(String.init)[...], change)
    }

    private func changing(_ path: ArraySlice<String>, _ change: (JSONValue) -> JSONValue) -> JSONValue {
        guard let step = path.first else { return change(self) }
        let rest = path.dropFirst()
        switch self {
        case .object(let members):
            return .object(
                members.map { member in
                    guard member.isNamed(step) else { return member }
                    return JSONMember(name: member.name, value: member.value.changing(rest, change))
                })
        case .array(let elements):
            return .array(
                elements.enumerated().map { String($0) == step ? $1.changing(rest, change) : $1 })
        default:
            return self
        }
    }

    /// The object with this value under that name, at the end where it had none; without the member for nil.
    func setting(_ name: String, to value: JSONValue?) -> JSONValue {
        guard case .object(var members) = self else { return self }
        let index = members.firstIndex { $0.isNamed(name) }
        switch (index, value) {
        case (let index?, let value?): members[index] = JSONMember(name: name, value: value)
        case (nil, let value?): members.append(JSONMember(name: name, value: value))
        case (let index?, nil): members.remove(at: index)
        case (nil, nil): break
        }
        return .object(members)
    }
}
