// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension Manifest {
    init(from reader: inout BorshReader, version: ManifestVersion) throws(QuorumError) {
        let namespace = try Namespace(from: &reader)
        let pivot = try Pivot(from: &reader, version: version)
        let manifestSet = try MemberSet(from: &reader)
        let shareSet = try MemberSet(from: &reader)
        let enclave = try NitroConfig(from: &reader)
        let patchSet = try PatchSet(from: &reader)
        try self.init(
            version: version, namespace: namespace, pivot: pivot, manifestSet: manifestSet, shareSet: shareSet,
            enclave: enclave, patchSet: patchSet)
    }

    /// The bytes that are hashed in version 0 and 1.
    func borsh() -> [UInt8] {
        var writer = BorshWriter()
        write(to: &writer)
        return writer.bytes
    }

    func write(to writer: inout BorshWriter) {
        namespace.write(to: &writer)
        pivot.write(to: &writer, version: version)
        manifestSet.write(to: &writer)
        shareSet.write(to: &writer)
        enclave.write(to: &writer)
        patchSet?.write(to: &writer)
    }
}
