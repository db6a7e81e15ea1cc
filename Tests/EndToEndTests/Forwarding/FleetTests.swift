// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("many instances")
    struct ManyInstances {
        @Test("ten in a chain all have the key of the first, and each has it from the one before")
        func chain() throws {
            try Fleet.with(10) { pairs in
                _ = try Ceremony.provisioned(pairs[0].gateway)
                let evidence = try KeyEvidence(pairs[0].gateway)
                for place in pairs.indices.dropFirst() {
                    var exchange = Exchange(from: pairs[place - 1].gateway, to: pairs[place].gateway)
                    try exchange.run()
                    #expect(try KeyEvidence(pairs[place].gateway) == evidence, "instance \(place + 1)")
                }
            }
        }

        @Test("ten in a star get the key of the one in the middle, all at the same time")
        func star() throws {
            try Fleet.with(10) { pairs in
                _ = try Ceremony.provisioned(pairs[0].gateway)
                let evidence = try KeyEvidence(pairs[0].gateway)
                let gateways = pairs.map(\.gateway)
                try Threads.run(gateways.count - 1) { place in
                    var exchange = Exchange(from: gateways[0], to: gateways[place + 1])
                    try exchange.run()
                }
                for (place, gateway) in gateways.enumerated() {
                    #expect(try KeyEvidence(gateway) == evidence, "instance \(place + 1)")
                }
            }
        }
    }
}
