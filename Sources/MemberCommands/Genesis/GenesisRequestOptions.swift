// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives
import Quorum

/// What a genesis request says besides its members.
struct GenesisRequestOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The namespace.", valueName: "name"))
    var namespaceName = "qos-namespace"

    @Option(help: ArgumentHelp("The nonce of the first manifest in the namespace.", valueName: "number"))
    var namespaceNonce: UInt32 = 12_345

    @Option(help: ArgumentHelp("What the aliases begin with, before their number.", valueName: "text"))
    var aliasPrefix = "member"

    @Option(
        help: ArgumentHelp(
            "SHA-256 of the application. (default: zeros, which stand for the enclave that is asked)", valueName: "hex"
        )
    )
    var pivotHash: String?

    @Option(help: ArgumentHelp("The organization that the request names.", valueName: "text"))
    var organizationId = "renclave"

    @Option(help: ArgumentHelp("When the request was made, since 1970. (default: now)", valueName: "milliseconds"))
    var timestampMs: UInt64?

    @Option(
        help: ArgumentHelp("A public disaster recovery key, whose holder alone gets the whole key.", valueName: "file"),
        completion: .file()
    )
    var drKey: String?

    func validate() throws {
        guard (1...256).contains(namespaceName.utf8.count) else {
            throw ValidationError("--namespace-name must be 1 to 256 bytes.")
        }
        guard pivotHash.map({ Hex.decode($0)?.count == SHA256.byteCount }) ?? true else {
            throw ValidationError("--pivot-hash must be 64 hexadecimal characters.")
        }
    }

    /// The disaster recovery key, where one is named.
    func recoveryKey(in session: CommandSession) throws(CommandFailure) -> QuorumPublicKey? {
        guard let drKey else { return nil }
        return try PublicKeyFile.read(drKey, "disaster recovery key", in: session)
    }

    /// The request as it is written: JSON and a line end.
    ///
    /// - Parameter set: those who approve manifests, and those who hold shares.
    func request(of set: MemberSet, recoveryKey: QuorumPublicKey?) throws(CommandFailure) -> [UInt8] {
        let request = GenesisRequest(
            namespaceName: namespaceName,
            namespaceNonce: namespaceNonce,
            manifestSet: set,
            shareSet: set,
            pivotHash: pivotHash.flatMap { Hex.decode($0) },
            pivotArguments: [],
            recoveryKey: recoveryKey?.bytes
        )
        let milliseconds = timestampMs ?? UInt64(clamping: Moment.now.milliseconds)
        let json = request.json(milliseconds: milliseconds, organization: organizationId)
        return json.compact() + [UInt8(ascii: "\n")]
    }
}
