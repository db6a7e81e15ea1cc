// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Settings
import Testing

@Suite("settings file")
struct SettingsFileTests {
    private func address(in content: String) throws -> String? {
        let file = try TemporaryFile(content.utf8)
        return try Samples.reader(flags: ["CONFIG_FILE": file.path]).optionalValue(Samples.address)
    }

    @Test(
        "a well-formed line sets its value",
        arguments: [
            ("HOST_ADDRESS=a", "a"),
            ("HOST_ADDRESS=a\n", "a"),
            ("HOST_ADDRESS=a\r\n", "a"),
            ("\n  \n# HOST_ADDRESS=b\n \t# c\nHOST_ADDRESS=a\n", "a"),
            ("HOST_ADDRESS=", ""),
            ("HOST_ADDRESS= a \t", "a"),
            ("HOST_ADDRESS=a b=c#d", "a b=c#d"),
            ("HOST_ADDRESS=\"a\"", "a"),
            ("HOST_ADDRESS='a' \r\n", "a"),
            ("HOST_ADDRESS=\"\"", ""),
            ("HOST_ADDRESS=\" a # 'b' \"", " a # 'b' "),
            ("HOST_ADDRESS='\\n'", "\\n"),
            ("HOST_ADDRESS=é\u{1F600}", "é\u{1F600}"),
        ]
    )
    func value(content: String, expected: String) throws {
        #expect(try address(in: content) == expected)
    }

    @Test(
        "any other line stops with its number and the reason",
        arguments: [
            ("HOST_ADDRESS", 1, SettingsLineFault.notNameAndValue),
            ("\n\nwords and words", 3, .notNameAndValue),
            ("=a", 1, .badName),
            (" HOST_ADDRESS=a", 1, .badName),
            ("HOST_ADDRESS =a", 1, .badName),
            ("host_address=a", 1, .badName),
            ("1HOST=a", 1, .badName),
            ("HOST-ADDRESS=a", 1, .badName),
            ("\u{FEFF}HOST_ADDRESS=a", 1, .badName),
            ("# first\r\nexport HOST_ADDRESS=a", 2, .exported),
            ("HOST_ADDRESS=\"a", 1, .unmatchedQuotes),
            ("HOST_ADDRESS=\"", 1, .unmatchedQuotes),
            ("HOST_ADDRESS=a\"", 1, .unmatchedQuotes),
            ("HOST_ADDRESS=\"a'", 1, .unmatchedQuotes),
            ("HOST_ADDRESS=\"a\"b\"", 1, .unmatchedQuotes),
            ("HOST_ADDRESS='a' # b", 1, .unmatchedQuotes),
            ("HOST_ADDRESS=a # b", 1, .commentAfterValue),
            ("HOST_ADDRESS=# b", 1, .commentAfterValue),
            ("HOST_ADDRESS=a\rb", 1, .controlCharacter),
            ("HOST_ADDRESS=\"a\u{0}\"", 1, .controlCharacter),
            ("HOST_ADDRESS=a\u{85}b", 1, .controlCharacter),
            ("HOST_ADDRESS=a\nHOST_PORT=1\nHOST_ADDRESS=a", 3, .repeated(firstLine: 1)),
            ("CONFIG_FILE=/etc/other", 1, .namesAFile),
        ]
    )
    func badLine(content: String, line: Int, fault: SettingsLineFault) throws {
        let file = try TemporaryFile(content.utf8)
        #expect(throws: SettingsError.badLine(path: file.path, line: line, fault: fault)) {
            try Samples.reader(flags: ["CONFIG_FILE": file.path])
        }
    }

    @Test("a name that neither process knows stops with its line")
    func unknownName() throws {
        let file = try TemporaryFile("# one\nHOST_PROT=3000\n".utf8)
        #expect(throws: SettingsError.unknownName(path: file.path, line: 2, name: "HOST_PROT")) {
            try Samples.reader(flags: ["CONFIG_FILE": file.path])
        }
    }

    @Test("an empty file sets nothing")
    func emptyFile() throws {
        #expect(try address(in: "") == nil)
    }

    @Test("a file of 65536 bytes is read, one of 65537 is refused")
    func size() throws {
        let comment = "#" + String(repeating: "x", count: 65_520)
        let line = "\nHOST_ADDRESS=a"
        #expect((comment + line).utf8.count == 65_536)
        #expect(try address(in: comment + line) == "a")
        try expectFault(.tooLarge, for: Array((comment + line + "\n").utf8))
    }

    @Test("bytes that are not UTF-8 are refused", arguments: [[0xFF], [0x23, 0xC3], [0xC0, 0x80]] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) throws {
        try expectFault(.notUTF8, for: bytes)
    }

    @Test("a file that is not there is refused")
    func missing() throws {
        let path = try TemporaryFile("".utf8).path + ".missing"
        expectFault(.failed(errno: ENOENT), at: path)
    }

    @Test("a folder and a device are refused", arguments: ["/tmp", "/dev/null"])
    func notRegular(path: String) {
        expectFault(.notRegularFile, at: path)
    }

    @Test("a named pipe is refused without waiting for a writer")
    func namedPipe() throws {
        let path = try TemporaryFile("".utf8).path + ".pipe"
        try #require(unsafe mkfifo(path, 0o600) == 0)
        defer { unsafe unlink(path) }
        expectFault(.notRegularFile, at: path)
    }

    private func expectFault(_ fault: SettingsFileFault, for bytes: [UInt8]) throws {
        let file = try TemporaryFile(bytes)
        expectFault(fault, at: file.path)
    }

    private func expectFault(_ fault: SettingsFileFault, at path: String) {
        #expect(throws: SettingsError.unreadableFile(path: path, source: .environment, fault: fault)) {
            try Samples.reader(environment: ["CONFIG_FILE": path])
        }
    }
}
