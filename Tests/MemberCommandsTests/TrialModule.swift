// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EmulatedAttestation
import Primitives
import Quorum

@testable import MemberCommands

/// What attests a trial's enclave: a module under the development root, at a moment at which that is valid.
struct TrialModule: Sendable {
    /// 2027-01-15 08:00:00 UTC.
    static let moment = Moment(milliseconds: 1_800_000_000_000)
    /// PCR0 to PCR3.
    static let registers = [
        [UInt8](repeating: 0xa0, count: 48), [UInt8](repeating: 0xa1, count: 48), [UInt8](repeating: 0xa2, count: 48),
        [UInt8](repeating: 0, count: 48),
    ]
    /// What trusts the development root, for `--policy`.
    static let roots = #"{"roots":["\#(KnownRoot.development.rawValue)"]}"#
    /// The same with the measurements above.
    static let policy =
        #"{"roots":["\#(KnownRoot.development.rawValue)"],"measurements":[{"pcr0":"\#(Hex.encode(registers[0]))","#
        + #""pcr1":"\#(Hex.encode(registers[1]))","pcr2":"\#(Hex.encode(registers[2]))"}]}"#

    let module: EmulatedSecurityModule

    init(registers: [[UInt8]] = TrialModule.registers, at moment: Moment = TrialModule.moment) throws {
        module = try EmulatedSecurityModule(
            root: .development, registers: EmulatedRegisters(values: registers), now: { moment.milliseconds })
    }

    /// Binds a key to a manifest, as a boot does.
    ///
    /// - Parameter live: the key for when the enclave has the quorum key; nil for the same.
    func commit(to manifestHash: [UInt8], key: QuorumPublicKey, live: QuorumPublicKey? = nil) throws {
        let kinds: [(ManifestCommitment, QuorumPublicKey)] = [(.setup, key), (.live, live ?? key)]
        try module.commit(
            kinds.map { kind, key in
                (kind.register, kind.commitment(manifestHash: manifestHash, ephemeralKey: key.bytes))
            })
    }

    /// A document of an enclave that waits for a quorum key.
    func setup(of quorum: TrialQuorum, nonce: [UInt8]? = nil) throws -> [UInt8] {
        try commit(to: quorum.genesis.manifest.hash, key: quorum.ephemeral.publicKey)
        return try module.attest(
            userData: quorum.genesis.manifest.hash, nonce: nonce, publicKey: quorum.ephemeral.publicKey.bytes)
    }

    /// A document about a genesis.
    func genesis(of quorum: TrialQuorum, nonce: [UInt8]? = nil) throws -> [UInt8] {
        try module.attest(
            userData: SHA256.digest(quorum.genesis.output.encoded()), nonce: nonce, publicKey: nil)
    }

    /// What a gateway answers a request for a document with.
    static func answer(_ document: [UInt8]) -> String {
        wrapped("GenerateAttestationResponse", .fields(["attestation_doc": .byteArray(document)]))
    }

    /// An answer in the wrapped form.
    static func wrapped(_ name: String, _ result: JSONValue) -> String {
        JSONValue.fields([
            "id": .string("req-1"), "result": .object([JSONMember(name: name, value: result)]),
        ]).line
    }

    /// The nonce in a request for a document.
    static func nonce(in request: StubGateway.Request) -> [UInt8]? {
        try? JSONValue(parsing: Array(request.body.utf8)).required("nonce").byteArray()
    }
}
