// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

/// One forwarding of the quorum key as a client does it who has nothing but HTTP, a step at a time.
struct Exchange {
    /// In their order. Each asks one of the two instances.
    enum Step: CaseIterable, Comparable {
        case manifest, shareManifest, challenge, attestation, export, injection

        /// What the result is called, where the answer is of the wrapped form.
        var responseName: String? {
            switch self {
            case .manifest: nil
            case .shareManifest: "ShareManifestResponse"
            case .challenge: "ExportChallengeResponse"
            case .attestation: "GenerateAttestationResponse"
            case .export: "ExportKeyResponse"
            case .injection: "InjectKeyResponse"
            }
        }
    }

    /// Has the key.
    let source: RunningGateway
    /// Is to get it.
    let target: RunningGateway

    /// What `GET /enclave/manifest` gave, or what a test puts in its place.
    var manifest: JSON = .null
    /// The nonce that makes the document fresh; `nil` asks for a document without one.
    var nonce: JSON?
    /// The attestation document as the answer has it.
    var document: JSON = .null
    /// The encrypted key and the signature.
    var exported: JSON = .null

    init(from source: RunningGateway, to target: RunningGateway) {
        self.source = source
        self.target = target
    }

    /// Takes some steps, each of which must succeed.
    mutating func take(_ steps: some Sequence<Step>, sourceLocation: SourceLocation = #_sourceLocation) throws {
        for step in steps { try take(step, sourceLocation: sourceLocation) }
    }

    /// Takes all steps.
    mutating func run(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try take(Step.allCases, sourceLocation: sourceLocation)
    }

    /// Takes a step, which must succeed, and gives its result.
    @discardableResult
    mutating func take(_ step: Step, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
        let answer = try self.answer(to: step)
        let result =
            try step.responseName.map { try expectResult(answer, $0, sourceLocation: sourceLocation) }
            ?? expectSuccess(answer, sourceLocation: sourceLocation)
        keep(result, of: step)
        return result
    }

    /// Takes a step and gives what is answered, whatever that is; what comes of it is not kept.
    func answer(to step: Step) throws -> HTTPAnswer {
        switch step {
        case .manifest: try source.get("/enclave/manifest")
        case .shareManifest: try target.post("/enclave/share-manifest", sharedManifest.text)
        case .challenge: try source.answer(to: HTTPCall("POST", "/enclave/export-challenge"))
        case .attestation: try target.post("/enclave/generate-attestation", attestationRequest.text)
        case .export: try source.post("/enclave/export-key", exportRequest.text)
        case .injection: try target.post("/enclave/inject-key", exported.text)
        }
    }

    private mutating func keep(_ result: JSON, of step: Step) {
        switch step {
        case .manifest: manifest = result
        case .shareManifest: break
        case .challenge: nonce = result["nonce"]
        case .attestation: document = result["attestation_doc"] ?? .null
        case .export: exported = result
        case .injection: break
        }
    }

    // MARK: Bodies

    var envelope: JSON { manifest["manifest_envelope"] ?? .null }

    var sharedManifest: JSON {
        let fields: [String: JSON?] = [
            "manifest_envelope": envelope, "share_commitments": manifest["share_commitments"],
        ]
        return .object(fields.compactMapValues { $0 })
    }

    var attestationRequest: JSON { .object(["nonce": nonce].compactMapValues { $0 }) }

    var exportRequest: JSON { ["manifest_envelope": envelope, "attestation_doc": document] }
}

/// Expects an answer of the wrapped form, and gives the result in it.
@discardableResult
func expectResult(
    _ answer: HTTPAnswer,
    _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> JSON {
    let body = try expectSuccess(answer, sourceLocation: sourceLocation)
    #expect(body.names == ["id", "result"], sourceLocation: sourceLocation)
    #expect(body["id"]?.string == answer[header: "x-request-id"], sourceLocation: sourceLocation)
    #expect(body["result"]?.names == [name], sourceLocation: sourceLocation)
    return try #require(body["result"]?[name], "\(answer.text.prefix(300))", sourceLocation: sourceLocation)
}
