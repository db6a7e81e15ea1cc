// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Settings
import Testing

@Suite("setting text")
struct SettingTextTests {
    @Test("a number in its range is read", arguments: [("0", 0), ("7", 7), ("1000", 1000)])
    func number(text: String, expected: Int) {
        #expect(SettingText.unsigned(text, in: 0...1000) == expected)
    }

    @Test(
        "anything but plain digits of a number in the range is refused",
        arguments: [
            "", "-1", "+1", " 1", "1 ", "01", "00", "1.0", "1e2", "0x1", "1_0", "a", "1001", "١",
            "99999999999999999999999999",
        ]
    )
    func notNumber(text: String) {
        #expect(SettingText.unsigned(text, in: 0...1000) == nil)
    }

    @Test(
        "ports are read, one or several",
        arguments: [("1", [1]), ("65535", [65535]), ("3000,3001", [3000, 3001]), ("3000 , 80", [3000, 80])]
            as [(String, [UInt16])]
    )
    func ports(text: String, expected: [UInt16]) {
        #expect(SettingText.ports(text) == expected)
    }

    @Test(
        "other texts are no ports",
        arguments: ["", ",", "0", "65536", "-1", "1,", ",1", "1,,2", "1,1", " 1", "1 ", "1 2", "1;2", "a", "1,\t2"]
    )
    func notPorts(text: String) {
        #expect(SettingText.ports(text) == nil)
    }

    @Test("user numbers go to the last that the kernel knows")
    func userIDs() {
        #expect(SettingText.userIDs("0,1000,4294967294") == [0, 1000, 4_294_967_294])
        #expect(SettingText.userIDs("4294967295") == nil)
        #expect(SettingText.userIDs("root") == nil)
        #expect(SettingText.userIDs("1000,1000") == nil)
        #expect(SettingText.userIDs("") == nil)
    }

    @Test("names are visible ASCII, 1 to 253 characters, and distinct")
    func names() {
        #expect(SettingText.names("a.example, [::1]") == ["a.example", "[::1]"])
        #expect(SettingText.names(String(repeating: "a", count: 253)) != nil)
        for text in ["", "a,", "a b", "a,a", "é", "a\u{0}", "a\n", String(repeating: "a", count: 254)] {
            #expect(SettingText.names(text) == nil)
        }
    }

    @Test("names of a closed set are read as they are written there")
    func choices() {
        let states: Set = ["ApplicationReady", "GenesisBooted"]
        let both = SettingText.names("GenesisBooted,ApplicationReady", among: states)
        #expect(both == ["GenesisBooted", "ApplicationReady"])
        for text in ["", "applicationready", "ApplicationReady,Other", "ApplicationReady,ApplicationReady"] {
            #expect(SettingText.names(text, among: states) == nil)
        }
    }

    @Test("hexadecimal digits are read in either case, and only in the given number")
    func hex() {
        #expect(SettingText.hex("00fFa9", byteCount: 3) == [0x00, 0xFF, 0xA9])
        #expect(SettingText.hex("", byteCount: 0) == [])
        for text in ["", "00f", "00ff", "00ffa900", "0x00ff", "00ffag", "00ff 9", "00ffaé"] {
            #expect(SettingText.hex(text, byteCount: 3) == nil)
        }
    }
}
