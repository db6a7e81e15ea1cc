// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Quorum
import Testing

/// The manifests and approvals of QuorumOS's vectors.
enum ManifestFiles {
    struct Vector: Sendable, CustomTestStringConvertible {
        let name: String
        /// The manifest or its envelope, in one of the forms that it has.
        let bytes: [UInt8]
        let hash: String

        var testDescription: String { name }
    }

    static func file(_ name: String) throws -> JSONValue {
        let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Vectors/qos/\(name)")
        return try JSONValue(parsing: Array(Data(contentsOf: url)))
    }

    /// Every form of every manifest.
    static func all() throws -> [Vector] {
        let file = try file("manifests.json")
        let values = try file.required("manifests").elements() + [file.required("v2_minimal")]
        return try values.enumerated().flatMap { index, value in
            let hash = try value.required("hash").text()
            let forms: [(String, [UInt8]?)] = [
                ("JSON", try value.required("json").compact()),
                ("envelope", try value.optional("envelope_json")?.compact()),
                ("Borsh", try value.optional("borsh")?.hexBytes()),
                ("canonical", try value.optional("canonical").map { Array(try $0.text().utf8) }),
            ]
            return forms.compactMap { name, bytes in
                bytes.map { Vector(name: "version \(min(index, 2)), \(name), \(index)", bytes: $0, hash: hash) }
            }
        }
    }

    /// The envelope of a version.
    static func envelope(version: Int) throws -> ManifestEnvelope {
        let values = try file("manifests.json").required("manifests").elements()
        return try ManifestEnvelope.decode(values[version].required("envelope_json").compact())
    }
}
