// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Quorum
import Testing

/// Several instances, each with processes, a port and a socket of its own.
enum Fleet {
    /// Lends so many instances; whatever happens, their processes have ended and their files are gone afterwards.
    ///
    /// - Parameters:
    ///   - enclave: settings of all enclaves.
    ///   - gateway: settings of all gateways.
    static func with<Result>(
        _ count: Int,
        enclave: [String: String] = [:],
        gateway: [String: String] = [:],
        _ body: (inout [RestartablePair]) throws -> Result
    ) throws -> Result {
        let workplaces = try (0..<count).map { _ in try Workplace() }
        defer { for workplace in workplaces { workplace.close() } }
        // Together: a start is mostly waiting.
        var pairs = try Threads.results(of: count) { place in
            try RestartablePair(workplaces[place], enclave, gateway: gateway)
        }
        return try body(&pairs)
    }
}

/// What shows that an instance has the key of a ceremony.
struct KeyEvidence: Equatable {
    let fingerprint: JSON?
    let keyCheck: JSON?
    /// Of the first wallet.
    let phrase: JSON?

    /// Asks an instance that must be ready.
    init(_ gateway: RunningGateway, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let info = try expectSuccess(gateway.get("/enclave/info"), sourceLocation: sourceLocation)
        #expect(info["state"] == "ApplicationReady", sourceLocation: sourceLocation)
        fingerprint = info["quorum_key_fingerprint"]
        keyCheck = info["key_check"]
        let derived = try gateway.post("/generate-seed", #"{"seed_type":"wallet","seed_data":"1"}"#)
        phrase = try expectSuccess(derived, sourceLocation: sourceLocation)["seed_phrase"]
        #expect(fingerprint != nil && keyCheck != nil && phrase != nil, sourceLocation: sourceLocation)
    }
}

extension Ceremony {
    /// A key of two of three members, held by an instance.
    static func provisioned(_ gateway: RunningGateway) throws -> Ceremony {
        let ceremony = try begin(gateway, 2, of: 3)
        try ceremony.provision()
        return ceremony
    }

    /// Gives the key to another enclave behind the same gateway, from the shares.
    mutating func recover() throws {
        _ = try boot()
        try provision()
    }

    /// Approves a manifest with the keys of some members of the manifest set.
    ///
    /// - Parameter envelope: with any approvals, which are replaced.
    func approving(_ envelope: JSON, by places: [Int]) throws -> JSON {
        let hash = try ManifestEnvelope.decode(Array(envelope.text.utf8)).manifest.hash()
        let approvals = try places.map { place in
            let member = order.manifestMembers[place]
            return try JSON(Approval(of: hash, alias: member.alias, key: member.key).encoded())
        }
        return envelope.replacing(["manifestSetApprovals"], with: .array(approvals))
    }
}
