// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol

/// The *Genesis and shares* part of the contract.
struct QuorumRoutes: Sendable {
    let timeout: TimeAmount

    var routes: [Route] {
        [
            .post("/enclave/genesis-boot", data: "@genesis.json") { try genesisBoot($0) },
            get("/enclave/genesis", .genesisAnswer) { reply in
                guard case .genesis(let answer) = reply else { return nil }
                return .genesis(answer)
            },
            .post("/enclave/inject-shares", data: "@shares.json") { try injectShares($0) },
            .post("/enclave/boot-standard", data: "@boot.json") { try bootStandard($0) },
            get("/enclave/manifest", .manifest) { reply in
                guard case .manifest(let held) = reply else { return nil }
                return .manifest(held)
            },
        ]
    }

    private func get(
        _ path: String,
        _ operation: Operation,
        _ answer: @escaping @Sendable (Reply) throws -> Answer?
    ) -> Route {
        Route(method: .get, path: path, body: .ignored, isAdmitted: true, example: "curl URL\(path)") { _ in
            .ask(operation, within: timeout, answer)
        }
    }

    // MARK: Calls with a body

    private func genesisBoot(_ call: Call) throws -> Step {
        let request = try GenesisRequest(call.body)
        return .call(
            EnclaveCall(operation: request.operation, timeout: timeout) { outcome in
                do {
                    guard case .genesis(let answer) = try outcome.get().reply else {
                        throw EnclaveCallError.wrongAnswer
                    }
                    return .genesis(answer)
                } catch let error as EnclaveError {
                    throw Refusal(error, field: error.field.map(request.name(of:)))
                }
            }
        )
    }

    private func injectShares(_ call: Call) throws -> Step {
        let body = try InjectSharesBody(call.body)
        return .ask(.injectShares(body.request), secrets: body.secrets, within: timeout) { reply in
            guard case .shares(let result) = reply else { return nil }
            return try .shares(result)
        }
    }

    private func bootStandard(_ call: Call) throws -> Step {
        .ask(.bootStandard(try BootStandardRequest(call.body)), within: timeout) { reply in
            guard case .booted(let result) = reply else { return nil }
            return .booted(result)
        }
    }
}
