// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Logging
import NIOCore

/// What every connection of the gateway shares.
struct GatewayContext: Sendable {
    let dispatcher: RequestDispatcher
    let conventions: ConventionsConfiguration
    let admission: Admission
    let bodyBudget: BodyBudget
    let enclave: EnclaveClient
    let metrics: GatewayMetrics
    let logger: Logger
}
