// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What is stored in the versions of a manifest: a manifest, and an envelope around one.
protocol ManifestDocument {
    /// Whether the JSON says a version, whatever it says.
    static func declaresVersion(_ json: JSONValue) -> Bool

    init(json: JSONValue, version: ManifestVersion) throws(QuorumError)

    /// Version 0 or 1.
    init(from reader: inout BorshReader, version: ManifestVersion) throws(QuorumError)
}

extension ManifestDocument {
    /// The document that the bytes are, by QuorumOS's rules of detection.
    ///
    /// - Throws: as ``Manifest/decode(_:)``.
    static func detected(in bytes: [UInt8]) throws(QuorumError) -> Self {
        if let json = try? JSONValue(parsing: bytes) {
            if declaresVersion(json) {
                return try Self(json: json, version: .v2)
            }
            for version in [ManifestVersion.v1, .v0] {
                if let document = try? Self(json: json, version: version) { return document }
            }
        }
        return try detected(inBorsh: bytes)
    }

    private static func detected(inBorsh bytes: [UInt8]) throws(QuorumError) -> Self {
        switch (try? borsh(bytes, version: .v0), try? borsh(bytes, version: .v1)) {
        case (nil, nil): throw .malformedManifest
        case (.some, .some): throw .ambiguousManifest
        case (let document?, nil), (nil, let document?): return document
        }
    }

    private static func borsh(_ bytes: [UInt8], version: ManifestVersion) throws(QuorumError) -> Self {
        var reader = BorshReader(bytes)
        let document = try Self(from: &reader, version: version)
        try reader.finish()
        return document
    }
}
