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
            let caller = Caller(head: head, kind: operation.kind, outbox: outbox, pending: pending)
            switch operation {
            case .info:
                answer(.info(enclave.info()), to: caller)
            case .generateSeed(let request):
                try makeSeed(SeedOrder(request), request.passphrase, secrets, for: caller)
            case .deriveSeed(let request):
                try makeSeed(try enclave.order(request), request.passphrase, secrets, for: caller)
            case .validateSeed(let request):
                answer(
                    .verdict(try enclave.validateSeed(request, phrase: secrets.extracting(request.phrase.range))),
                    to: caller
                )
            case .genesisAnswer:
                answer(.genesis(try enclave.genesisAnswer()), to: caller)
            case .manifest:
                answer(.manifest(try enclave.heldManifest()), to: caller)
            case .genesisBoot(let request):
                try submit(for: caller) { [enclave] () throws(EnclaveError) in
                    .genesis(try enclave.genesisBoot(request))
                }
            case .bootStandard(let request):
                try submit(for: caller) { [enclave] () throws(EnclaveError) in
                    .booted(try enclave.bootStandard(request))
                }
            case .shareManifest(let request):
                try submit(for: caller) { [enclave] () throws(EnclaveError) in
                    .manifestShared(try enclave.shareManifest(request))
                }
            case .generateAttestation(let request):
                try Enclave.checkForm(request)
                try submit(for: caller, in: .general) { [enclave] () throws(EnclaveError) in
                    .attestation(try enclave.attest(request))
                }
            case .exportChallenge:
                answer(.challenge(try enclave.exportChallenge()), to: caller)
            case .exportKey(let request):
                try submit(for: caller) { [enclave] () throws(EnclaveError) in
                    .exportedKey(try enclave.exportKey(request))
                }
            case .injectKey(let request):
                try submit(for: caller) { [enclave] () throws(EnclaveError) in
                    .keyInjected(try enclave.injectKey(request))
                }
            case .injectShares(let request):
                let shares = try copy(request, secrets)
                try submit(for: caller) { [enclave] () throws(EnclaveError) in
                    .shares(try enclave.injectShares(namespace: request.namespace, shares))
                }
            }
        } catch {
            refuse(error, head, operation?.kind, outbox)
        }
    }

    /// Whom an answer goes to.
    private struct Caller: Sendable {
        let head: RequestHead
        let kind: OperationKind
        let outbox: Outbox
        let pending: PendingRequests
    }

    private func answer(_ reply: Reply, to caller: Caller) {
        caller.outbox.send(.reply(identifier: caller.head.identifier, reply))
        log(reply, to: caller)
    }

    private func refuse(_ error: EnclaveError, _ head: RequestHead, _ kind: OperationKind?, _ outbox: Outbox) {
        outbox.send(.reply(identifier: head.identifier, .refused(error)))
        // A broken invariant is no refusal that a caller earned.
        let level: Logger.Level = error.reason == .internalFailure ? .critical : .info
        logger.log(level: level, "refused", metadata: Self.metadata(head, kind, refused: error))
    }

    // MARK: Seeds

    private func makeSeed(
        _ order: SeedOrder,
        _ passphrase: SecretField?,
        _ secrets: borrowing Span<UInt8>,
        for caller: Caller
    ) throws(EnclaveError) {
        guard let passphrase else {
            Self.send(try enclave.seed(order), caller)
            logger.debug("answered", metadata: Self.metadata(caller.head, caller.kind))
            return
        }
        try stretch(order, passphrase, secrets, for: caller)
    }

    private func stretch(
        _ order: SeedOrder,
        _ field: SecretField,
        _ secrets: borrowing Span<UInt8>,
        for caller: Caller
    ) throws(EnclaveError) {
        guard field.count <= Limits.passphraseBytes else { throw EnclaveError(.outOfRange, field: "passphrase") }
        let passphrase = secrets.extracting(field.range)
        guard UnicodeText.isValid(passphrase) else { throw EnclaveError(.outOfRange, field: "passphrase") }
        let job = StretchedSeedJob(
            order: order,
            passphrase: try SecretSupply.arena(enclave.arena).copy(passphrase),
            enclave: enclave,
            ticket: caller.pending.enter(caller.head)
        ) { [self] result in
            switch consume result {
            case .made(let seed):
                Self.send(seed, caller)
                logger.debug("answered", metadata: Self.metadata(caller.head, caller.kind))
            case .refused(let error):
                refuse(error, caller.head, caller.kind, caller.outbox)
            }
            Self.finish(caller)
        }
        try submit(job, for: caller)
    }

    private static func send(_ seed: borrowing GeneratedSeed, _ caller: Caller) {
        let result = seed.result
        let secretCount = result.phrase.count + result.entropy.count + (result.seed?.count ?? 0)
        caller.outbox.send(.reply(identifier: caller.head.identifier, .seed(result)), secretCount: secretCount) {
            state in
            seed.phrase.withBytes { state.append($0) }
            seed.mnemonic.withEntropy { state.append($0) }
            seed.withSeed { state.append($0) }
        }
    }

    // MARK: The ceremony

    private func submit(
        for caller: Caller,
        in lane: WorkerLane = .ceremony,
        _ work: @escaping @Sendable () throws(EnclaveError) -> Reply
    ) throws(EnclaveError) {
        let job = CeremonyJob(in: lane, ticket: caller.pending.enter(caller.head), work: work) { [self] result in
            switch result {
            case .success(let reply): answer(reply, to: caller)
            case .failure(let error): refuse(error, caller.head, caller.kind, caller.outbox)
            }
            Self.finish(caller)
        }
        try submit(job, for: caller)
    }

    /// Takes the shares of a call out of the receive buffer, into one allocation, once all has been checked that can be
    /// without looking at them.
    private func copy(
        _ request: InjectSharesRequest,
        _ secrets: borrowing Span<UInt8>
    ) throws(EnclaveError) -> [BroughtShare] {
        guard (1...Limits.members).contains(request.shares.count) else {
            throw EnclaveError(.outOfRange, field: "shares")
        }
        for (index, share) in request.shares.enumerated() {
            if let field = Self.flaw(of: share) {
                throw EnclaveError(.outOfRange, field: "shares", index: index, field)
            }
        }
        try enclave.expectShares(for: request.namespace)
        let all = secrets.isEmpty ? nil : LentSecret(try SecretSupply.guarded.copy(secrets))
        return request.shares.map { share in
            if let all, let plain = share.plain {
                return BroughtShare(memberAlias: share.memberAlias, form: .plain(all.part(plain.range)))
            }
            return BroughtShare(
                memberAlias: share.memberAlias, form: .sealed(share.sealed ?? [], approval: share.approval))
        }
    }

    /// The field of a share that has a length that none can have.
    private static func flaw(of share: InjectSharesRequest.OfferedShare) -> StaticString? {
        guard Limits.aliasBytes.contains(share.memberAlias.utf8.count) else { return "member_alias" }
        if let plain = share.plain {
            let isAlone = share.sealed == nil && share.approval == nil
            return isAlone && Limits.offeredShareBytes.contains(plain.count) ? nil : "decrypted_share"
        }
        return Limits.offeredShareBytes.contains(share.sealed?.count ?? 0) ? nil : "sealed_share"
    }

    // MARK: Work that takes a worker

    private func submit(_ job: any CostlyJob, for caller: Caller) throws(EnclaveError) {
        do {
            try workers.submit(job)
        } catch {
            caller.pending.leave(caller.head.identifier)
            throw error
        }
    }

    private static func finish(_ caller: Caller) {
        caller.outbox.flush()
        // Only now: an enclave that stops waits for what is still pending.
        caller.pending.leave(caller.head.identifier)
    }

    // MARK: The log

    /// What changes the enclave is told at once; the rest only to those who debug.
    private func log(_ reply: Reply, to caller: Caller) {
        var metadata = Self.metadata(caller.head, caller.kind)
        switch reply {
        case .genesis where caller.kind == .genesisBoot:
            logger.notice("the quorum key was born, split and forgotten", metadata: metadata)
        case .booted(let result):
            metadata["approvals"] = "\(result.approvalsCounted)"
            logger.notice("a manifest was taken on", metadata: metadata)
        case .shares(let result):
            // Aliases of accepted shares are the manifest's; those of others are whatever a caller wrote.
            metadata["accepted"] = "\(result.judgements.filter { $0.flaw == nil }.map(\.memberAlias))"
            let flaws = Dictionary(grouping: result.judgements.compactMap(\.flaw?.rawValue)) { $0 }
            let counts = flaws.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.count)" }
            metadata["refused"] = "\(counts)"
            metadata["shares"] = "\(result.sharesReceived) of \(result.threshold)"
            metadata["state"] = "\(result.phase.rawValue)"
            logger.notice(result.isOtherKey ? "the shares give another key" : "shares were judged", metadata: metadata)
        case .manifestShared:
            logger.notice("a manifest was taken on, and the key is awaited", metadata: metadata)
        case .exportedKey:
            logger.notice("the quorum key was sealed to an attested enclave", metadata: metadata)
        case .keyInjected(let result):
            metadata["state"] = "\(result.phase.rawValue)"
            logger.notice("the quorum key was taken from another enclave", metadata: metadata)
        default:
            logger.debug("answered", metadata: metadata)
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
