// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Logging
import Protocol
import SecretMemory
import Synchronization

/// From a decoded request to its answer: cheap operations at once, costly ones through the workers.
final class RequestHandler: Sendable {
    private let enclave: Enclave
    private let workers: WorkerPool
    private let logger: Logger

    init(enclave: Enclave, workers: WorkerPool, logger: Logger) {
        self.enclave = enclave
        self.workers = workers
        self.logger = logger
    }

    /// Answers a request, now or from a worker.
    ///
    /// - Parameters:
    ///   - operation: `nil` where its tag is not known here.
    ///   - secrets: the frame's secret part, in locked memory that is good only during this call.
    ///   - pending: the connection's costly requests, so that they can be cancelled.
    func handle(
        _ head: RequestHead,
        _ operation: Operation?,
        secrets: borrowing Span<UInt8>,
        outbox: Outbox,
        pending: PendingRequests
    ) {
        do throws(EnclaveError) {
            guard let operation else { throw EnclaveError(.unknownOperation) }
            try enclave.admit(operation.kind)
            switch operation {
            case .info:
                outbox.send(.reply(identifier: head.identifier, .info(enclave.info())))
            case .generateSeed(let request):
                if let passphrase = request.passphrase {
                    return try stretch(request, passphrase, secrets, head, outbox, pending)
                }
                Self.send(try enclave.generateSeed(request), head, outbox)
            case .validateSeed(let request):
                let verdict = try enclave.validateSeed(request, phrase: secrets.extracting(request.phrase.range))
                outbox.send(.reply(identifier: head.identifier, .verdict(verdict)))
            case .deriveSeed:
                // Permitted only with a quorum key, and there is none: the table and the key contradict each other.
                throw EnclaveError(.internalFailure)
            }
            logger.debug("answered", metadata: Self.metadata(head, operation.kind))
        } catch {
            refuse(error, head, operation?.kind, outbox)
        }
    }

    private func refuse(_ error: EnclaveError, _ head: RequestHead, _ kind: OperationKind?, _ outbox: Outbox) {
        outbox.send(.reply(identifier: head.identifier, .refused(error)))
        logger.info("refused", metadata: Self.metadata(head, kind, refused: error))
    }

    private func stretch(
        _ request: GenerateSeedRequest,
        _ field: SecretField,
        _ secrets: borrowing Span<UInt8>,
        _ head: RequestHead,
        _ outbox: Outbox,
        _ pending: PendingRequests
    ) throws(EnclaveError) {
        guard field.count <= Limits.passphraseBytes else { throw EnclaveError(.outOfRange, field: "passphrase") }
        let passphrase = secrets.extracting(field.range)
        guard UnicodeText.isValid(passphrase) else { throw EnclaveError(.outOfRange, field: "passphrase") }
        var copy = try enclave.arena.lend(field.count)
        copy.withMutableBytes { $0.copy(passphrase, at: 0) }
        let job = StretchedSeedJob(
            request: request,
            passphrase: copy,
            enclave: enclave,
            ticket: pending.enter(head)
        ) { [logger] result in
            switch consume result {
            case .made(let seed):
                Self.send(seed, head, outbox)
                logger.debug("answered", metadata: Self.metadata(head, .generateSeed))
            case .refused(let error):
                outbox.send(.reply(identifier: head.identifier, .refused(error)))
                logger.info("refused", metadata: Self.metadata(head, .generateSeed, refused: error))
            }
            outbox.flush()
            // Only now: an enclave that stops waits for what is still pending.
            pending.leave(head.identifier)
        }
        do {
            try workers.submit(job)
        } catch {
            pending.leave(head.identifier)
            throw error
        }
    }

    private static func send(_ seed: borrowing GeneratedSeed, _ head: RequestHead, _ outbox: Outbox) {
        let result = seed.result
        let secretCount = result.phrase.count + result.entropy.count + (result.seed?.count ?? 0)
        outbox.send(.reply(identifier: head.identifier, .seed(result)), secretCount: secretCount) { state in
            seed.phrase.withBytes { state.append($0) }
            seed.mnemonic.withEntropy { state.append($0) }
            seed.withSeed { state.append($0) }
        }
    }

    private static func metadata(
        _ head: RequestHead,
        _ kind: OperationKind?,
        refused error: EnclaveError? = nil
    ) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["request_id": "\(head.requestIdentifier)"]
        metadata["operation"] = kind.map { "\($0)" } ?? "unknown"
        if let error { metadata["reason"] = "\(error.reason)" }
        if let field = error?.field { metadata["field"] = "\(field)" }
        return metadata
    }
}
