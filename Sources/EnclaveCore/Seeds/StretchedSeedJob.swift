// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import SecretMemory

/// Makes a phrase with its BIP39 seed on a worker.
final class StretchedSeedJob: CostlyJob, @unchecked Sendable {
    /// What becomes of it.
    enum Outcome: ~Copyable {
        case made(GeneratedSeed)
        case refused(EnclaveError)
    }

    // Sendable: the passphrase is touched by the one worker that runs the job.
    private let order: SeedOrder
    private var passphrase: SecretBytes?
    private let enclave: Enclave
    private let ticket: PendingRequests.Ticket
    private let finish: @Sendable (consuming Outcome) -> Void

    init(
        order: SeedOrder,
        passphrase: consuming SecretBytes,
        enclave: Enclave,
        ticket: PendingRequests.Ticket,
        finish: @escaping @Sendable (consuming Outcome) -> Void
    ) {
        self.order = order
        self.passphrase = consume passphrase
        self.enclave = enclave
        self.ticket = ticket
        self.finish = finish
    }

    func run(scratch: inout SecretBuffer) {
        // Taken out, so that it is zeroed as soon as the work is done.
        guard let passphrase = passphrase.take() else { return }
        guard ticket.isAwaited else { return finish(.refused(EnclaveError(.deadlineExceeded))) }
        do throws(EnclaveError) {
            finish(.made(try enclave.seed(order, passphrase: passphrase, scratch: &scratch)))
        } catch {
            finish(.refused(error))
        }
    }
}
