// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// What a ceremony tells while it goes on: one line for each step, or, for a script, one object at the end.
struct CeremonySteps {
    let output: CommandOutput
    private let isJSON: Bool
    private var facts: [JSONMember] = []

    init(output: CommandOutput, json: Bool) {
        self.output = output
        isJSON = json
    }

    /// Tells a step that is done.
    mutating func tell(_ line: String, _ facts: KeyValuePairs<String, JSONValue> = [:]) throws(OutputError) {
        self.facts += facts.map { JSONMember(name: $0, value: $1) }
        if !isJSON { try output.lines([line]) }
    }

    /// Tells everything, for a script.
    func finish() throws(OutputError) {
        if isJSON { try output.json(JSONValue.object(facts).line) }
    }
}
