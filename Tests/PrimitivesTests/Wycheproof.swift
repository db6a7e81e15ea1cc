// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing
import VectorKit

/// A case of a Wycheproof file.
protocol WycheproofCase: Decodable {
    var tcId: Int { get }
    var comment: String { get }
    var result: WycheproofResult { get }
}

/// What an implementation is to make of a case; it may decide on an acceptable one itself.
enum WycheproofResult: String, Decodable {
    case valid, invalid, acceptable
}

/// Cases with what they have in common.
protocol WycheproofGroup: Decodable {
    associatedtype Case: WycheproofCase
    var tests: [Case] { get }
}

/// A file of Wycheproof's cases.
struct WycheproofFile<Group: WycheproofGroup>: Decodable {
    let numberOfTests: Int
    let testGroups: [Group]

    init(_ name: String) throws {
        self = try Vectors.decode(Self.self, from: "wycheproof/\(name)")
    }

    /// Runs every case of the groups that are ours, and records each that is judged wrongly.
    ///
    /// - Parameters:
    ///   - others: how many cases are in groups that are not ours.
    ///   - accepts: whether the implementation accepts the case and gives what it says.
    func run(
        others: Int = 0,
        where isOurs: (Group) -> Bool = { _ in true },
        accepts: (Group, Group.Case) throws -> Bool
    ) throws {
        var count = 0
        for group in testGroups where isOurs(group) {
            for test in group.tests {
                count += 1
                let accepted = try accepts(group, test)
                guard test.result != .acceptable, accepted != (test.result == .valid) else { continue }
                Issue.record("case \(test.tcId), \(test.comment): accepted \(accepted), but it is \(test.result)")
            }
        }
        #expect(count == numberOfTests - others)
    }
}
