// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import SecretMemory

/// A step of the ceremony on a worker: arithmetic on curves, for every member or for every certificate.
final class CeremonyJob: CostlyJob {
    let lane: WorkerLane
    private let work: @Sendable () throws(EnclaveError) -> Reply
    private let ticket: PendingRequests.Ticket
    private let finish: @Sendable (Result<Reply, EnclaveError>) -> Void

    init(
        in lane: WorkerLane,
        ticket: PendingRequests.Ticket,
        work: @escaping @Sendable () throws(EnclaveError) -> Reply,
        finish: @escaping @Sendable (Result<Reply, EnclaveError>) -> Void
    ) {
        self.lane = lane
        self.work = work
        self.ticket = ticket
        self.finish = finish
    }

    func run(scratch: inout SecretBuffer) {
        guard ticket.isAwaited else { return finish(.failure(EnclaveError(.deadlineExceeded))) }
        do throws(EnclaveError) {
            finish(.success(try work()))
        } catch {
            finish(.failure(error))
        }
    }
}
