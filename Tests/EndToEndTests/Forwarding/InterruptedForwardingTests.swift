// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("forwarding that is interrupted")
    struct InterruptedForwarding {
        /// An enclave that is killed and started anew before a step, and what becomes of the steps that were left.
        struct Interruption: Sendable, CustomTestStringConvertible {
            enum Victim { case source, target }

            let victim: Victim
            let step: Exchange.Step
            /// The first that is refused, with status and reason; `nil` where the key arrives all the same.
            let refusal: (step: Exchange.Step, status: Int, reason: JSON)?

            init(_ victim: Victim, before step: Exchange.Step, _ refusal: (Exchange.Step, Int, JSON)? = nil) {
                self.victim = victim
                self.step = step
                self.refusal = refusal.map { (step: $0.0, status: $0.1, reason: $0.2) }
            }

            var testDescription: String { "\(victim) before \(step)" }
        }

        private static let interruptions = [
            Interruption(.target, before: .manifest),
            Interruption(.target, before: .shareManifest),
            // The enclave that attests now has no manifest any more.
            Interruption(.target, before: .challenge, (.export, 422, "not_a_setup_document")),
            Interruption(.target, before: .attestation, (.export, 422, "not_a_setup_document")),
            // Sealed to a key that is gone.
            Interruption(.target, before: .export, (.injection, 409, "wrong_state")),
            Interruption(.target, before: .injection, (.injection, 409, "wrong_state")),
            Interruption(.source, before: .manifest, (.manifest, 404, "no_manifest")),
            Interruption(.source, before: .shareManifest, (.challenge, 409, "wrong_state")),
            Interruption(.source, before: .challenge, (.challenge, 409, "wrong_state")),
            Interruption(.source, before: .attestation, (.export, 409, "wrong_state")),
            Interruption(.source, before: .export, (.export, 409, "wrong_state")),
            // It is not needed any more.
            Interruption(.source, before: .injection),
        ]

        @Test("an enclave killed between any two steps loses no more than itself, and the repeated exchange succeeds")
        func killed() throws {
            try Fleet.with(2) { pairs in
                var ceremony = try Ceremony.provisioned(pairs[0].gateway)
                let evidence = try KeyEvidence(pairs[0].gateway)
                for interruption in Self.interruptions {
                    var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                    try exchange.take(Exchange.Step.allCases.prefix { $0 < interruption.step })
                    let victim = interruption.victim == .source ? 0 : 1
                    try pairs[victim].restart()
                    try Self.goOn(&exchange, after: interruption)
                    if interruption.refusal != nil {
                        if interruption.victim == .source { try ceremony.recover() }
                        var again = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                        try again.run()
                    }
                    #expect(try KeyEvidence(pairs[1].gateway) == evidence, "\(interruption.testDescription)")
                    // For the next one: the source with its key, the target without.
                    if try pairs[0].info()["state"] != "ApplicationReady" {
                        var back = Exchange(from: pairs[1].gateway, to: pairs[0].gateway)
                        try back.run()
                    }
                    try pairs[1].restart()
                }
                #expect(try KeyEvidence(pairs[0].gateway) == evidence)
            }
        }

        private static func goOn(_ exchange: inout Exchange, after interruption: Interruption) throws {
            for step in Exchange.Step.allCases where step >= interruption.step {
                if let refusal = interruption.refusal, refusal.step == step {
                    try expectRefusal(exchange.answer(to: step), refusal.status, refusal.reason)
                    return
                }
                try exchange.take(step)
            }
            #expect(interruption.refusal == nil)
        }

        @Test("while an enclave is away its gateway says so, and the step that failed succeeds when it is back")
        func away() throws {
            try Fleet.with(2) { pairs in
                _ = try Ceremony.provisioned(pairs[0].gateway)
                for step in [Exchange.Step.shareManifest, .attestation, .injection] {
                    var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                    try exchange.take(Exchange.Step.allCases.prefix { $0 < step })
                    try pairs[1].kill()
                    try expectRefusal(exchange.answer(to: step), 503, "enclave_unavailable")
                    try pairs[1].revive()
                }
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try exchange.run()
                #expect(try KeyEvidence(pairs[1].gateway) == KeyEvidence(pairs[0].gateway))
            }
        }
    }
}
