// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("the largest ceremony")
    struct LargestCeremony {
        @Test("a key is born for 255 members and given back by 100 sealed shares in one call, within the deadlines")
        func largest() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                var order = GenesisOrder(100, of: try Member.group(of: 255))
                order.byteForm = .hex
                let ceremony = try Ceremony.begin(gateway, order)
                #expect(ceremony.genesis["encrypted_shares"]?.array?.count == 255)
                let shares = try (155..<255).map { try ceremony.sealed($0) }
                let few = try expectSuccess(ceremony.inject(Array(shares.dropLast())))
                #expect(few["shares_received"] == 99 && few["success"] == false)
                let answer = try expectSuccess(ceremony.inject(shares))
                #expect(answer["shares"]?.array?.count == 100)
                try ceremony.expectInfo(Course.ready(after: Course.born), received: 100)
            }
        }
    }
}
