// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A member's name as a key: equal byte for byte, where `String` would equate two spellings of `é`.
struct JSONMemberName: Hashable {
    private let text: String

    private init(_ text: String) {
        self.text = text
    }

    static func == (left: JSONMemberName, right: JSONMemberName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the bytes, under the seed of the process: names that collide cannot be prepared.
    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    /// Whether no two members have one name.
    static func areDistinct(in members: [JSONMember]) -> Bool {
        guard members.count > fewMembers else {
            return members.indices.allSatisfy { index in
                !members[..<index].contains { $0.isNamed(members[index].name) }
            }
        }
        var names = Set<JSONMemberName>(minimumCapacity: members.count)
        return members.allSatisfy { names.insert(JSONMemberName($0.name)).inserted }
    }

    /// Up to here comparing each with each takes less time than a set.
    private static let fewMembers = 8
}
