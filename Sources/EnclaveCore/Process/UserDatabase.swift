// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// Users and groups of this machine, from `/etc/passwd` and `/etc/group` alone.
///
/// The C library would load modules to look further, which an executable that stands by itself must not do.
enum UserDatabase {
    /// Larger files are not read.
    private static let maximumBytes = 16 * 1024 * 1024

    /// The numbers in a user's line: uid and gid.
    static func user(named name: String, file: String = "/etc/passwd") -> ProcessProtection.User? {
        guard let fields = line(of: name, in: file), fields.count >= 4, let uid = UInt32(fields[2]),
            let gid = UInt32(fields[3])
        else { return nil }
        return ProcessProtection.User(uid: uid, gid: gid)
    }

    /// The number in a group's line.
    static func group(named name: String, file: String = "/etc/group") -> UInt32? {
        guard let fields = line(of: name, in: file), fields.count >= 3 else { return nil }
        return UInt32(fields[2])
    }

    /// The first line whose first field is `name`, cut at its colons.
    private static func line(of name: String, in file: String) -> [Substring]? {
        guard let text = read(file) else { return nil }
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields[0] == name { return fields }
        }
        return nil
    }

    private static func read(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count < maximumBytes {
            let count = unsafe Glibc.read(descriptor, &part, part.count)
            if count == 0 { return String(validating: bytes, as: UTF8.self) }
            guard count > 0 else { return nil }
            bytes.append(contentsOf: part[..<count])
        }
        return nil
    }
}
