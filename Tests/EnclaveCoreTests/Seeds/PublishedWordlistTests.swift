// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Protocol
import Testing
import VectorKit

@testable import EnclaveCore

@Suite("published word lists", .enabled(if: Vectors.areAvailable, Vectors.need))
struct PublishedWordlistTests {
    @Test("each list is the published file, byte for byte", arguments: SeedLanguage.allCases)
    func bytes(language: SeedLanguage) throws {
        let file = try Data(contentsOf: try Vectors.url("bip39/\(language.rawValue).txt"))
        #expect(Samples.library[language].published + [0x0A] == Array(file))
    }
}
