// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Testing

@testable import MemberCommands

@Suite("Files are written whole or not at all")
struct StagedFileTests {
    private let contents = Array("contents".utf8)

    private func names(in folder: TrialFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test("a file gets its name when it is published, with its mode", arguments: [true, false], [false, true])
    func published(unnamed: Bool, replacing: Bool) throws {
        let folder = try TrialFolder()
        let file = try StagedFile(contents.span, for: folder.path(of: "a"), mode: 0o600, unnamed: unnamed)
        #expect(try !names(in: folder).contains("a"))
        try file.publish(replacing: replacing)
        #expect(try names(in: folder) == ["a"])
        #expect(try folder.bytes("a") == contents)
        #expect(try folder.permissions("a") == 0o600)
    }

    @Test("nothing is left of a file that is never published", arguments: [true, false])
    func abandoned(unnamed: Bool) throws {
        let folder = try TrialFolder()
        do {
            _ = try StagedFile(contents.span, for: folder.path(of: "a"), mode: 0o600, unnamed: unnamed)
        }
        #expect(try names(in: folder).isEmpty)
    }

    @Test("a file without a name leaves nothing even while it is there")
    func invisible() throws {
        let folder = try TrialFolder()
        let file = try StagedFile(contents.span, for: folder.path(of: "a"), mode: 0o600)
        #expect(try names(in: folder).isEmpty)
        try file.publish(replacing: false)
    }

    @Test("a file that is there is kept unless it may be replaced", arguments: [true, false])
    func present(unnamed: Bool) throws {
        let folder = try TrialFolder()
        let path = try folder.write("older", "a")
        #expect(throws: CommandFailure.alreadyThere(path)) {
            try StagedFile(contents.span, for: path, mode: 0o644, unnamed: unnamed).publish(replacing: false)
        }
        #expect(try folder.text("a") == "older")
        #expect(try names(in: folder) == ["a"])
        try StagedFile(contents.span, for: path, mode: 0o644, unnamed: unnamed).publish(replacing: true)
        #expect(try folder.bytes("a") == contents)
        #expect(try folder.permissions("a") == 0o644)
        #expect(try names(in: folder) == ["a"])
    }

    @Test("a link is never followed, and never replaced")
    func link() throws {
        let folder = try TrialFolder()
        let target = try folder.write("target", "target")
        let path = folder.path(of: "link")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        #expect(throws: CommandFailure.alreadyThere(path)) {
            try StagedFile(contents.span, for: path, mode: 0o600).publish(replacing: false)
        }
        #expect(throws: CommandFailure.failed("\(path) is no regular file, and nothing was written.")) {
            try StagedFile(contents.span, for: path, mode: 0o600).publish(replacing: true)
        }
        #expect(try folder.text("target") == "target")
        #expect(try folder.text("link") == "target")
    }

    @Test(
        "where the directory is missing, or the name is that of a directory, nothing is left", arguments: [true, false])
    func impossible(unnamed: Bool) throws {
        let folder = try TrialFolder()
        let missing = folder.path(of: "missing/a")
        #expect(throws: CommandFailure.failed("\(missing) cannot be written: No such file or directory.")) {
            try StagedFile(contents.span, for: missing, mode: 0o600, unnamed: unnamed)
        }
        try folder.write("", "directory/b")
        let directory = folder.path(of: "directory")
        #expect(throws: CommandFailure.failed("\(directory) cannot be written: Is a directory.")) {
            try StagedFile(contents.span, for: directory, mode: 0o600, unnamed: unnamed).publish(replacing: true)
        }
        #expect(try names(in: folder) == ["directory"])
    }
}

@Suite("Several files are written together")
struct FileBatchTests {
    @Test("all get their names, in a directory that only its owner may enter")
    func published() throws {
        let folder = try TrialFolder()
        let batch = FileBatch(replacing: false)
        try batch.makeDirectory(folder.path(of: "d"))
        for name in ["d/a", "d/b"] { try batch.stage([1].span, for: folder.path(of: name), mode: 0o600) }
        try batch.publish()
        #expect(try folder.bytes("d/a") == [1])
        #expect(try folder.bytes("d/b") == [1])
        #expect(try folder.permissions("d") == 0o700)
    }

    @Test("where the last cannot get its name, the others and the directory are taken away again")
    func takenBack() throws {
        let folder = try TrialFolder()
        let (first, last) = (folder.path(of: "d/a"), folder.path(of: "b"))
        do {
            let batch = FileBatch(replacing: false)
            try batch.makeDirectory(folder.path(of: "d"))
            for path in [first, last] { try batch.stage([1].span, for: path, mode: 0o600) }
            try folder.write("came in between", "b")
            #expect(throws: CommandFailure.alreadyThere(last)) { try batch.publish() }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["b"])
        #expect(try folder.text("b") == "came in between")
    }

    @Test("two files cannot have one name, however it is spelt", arguments: ["d/a", "d/../d/a", "d//a", "link/a"])
    func twice(name: String) throws {
        let folder = try TrialFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path(of: "link"), withDestinationPath: folder.path(of: "d"))
        let path = "\(folder.path)/\(name)"
        do {
            let batch = FileBatch(replacing: true)
            try batch.makeDirectory(folder.path(of: "d"))
            try batch.stage([1].span, for: folder.path(of: "d/a"), mode: 0o600)
            try batch.stage([1].span, for: folder.path(of: "d/b"), mode: 0o600)
            #expect(throws: CommandFailure.failed("Two files would both be \(path), and nothing was written.")) {
                try batch.stage([2].span, for: path, mode: 0o600)
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["link"])
    }

    @Test("the directories above one are made with it, and taken away with it", arguments: [true, false])
    func nested(isPublished: Bool) throws {
        let folder = try TrialFolder()
        do {
            let batch = FileBatch(replacing: false)
            try batch.makeDirectory(folder.path(of: "p/q/r"))
            if isPublished { try batch.publish() }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == (isPublished ? ["p"] : []))
        guard isPublished else { return }
        for name in ["p", "p/q", "p/q/r"] { #expect(try folder.permissions(name) == 0o700) }
    }

    @Test("a batch that is given up leaves nothing, but a directory that was there before")
    func givenUp() throws {
        let folder = try TrialFolder()
        try folder.write("", "old/kept")
        do {
            let batch = FileBatch(replacing: false)
            for name in ["old", "new"] { try batch.makeDirectory(folder.path(of: name)) }
            try batch.stage([1].span, for: folder.path(of: "new/a"), mode: 0o600)
            #expect(throws: CommandFailure.self) {
                try batch.stage([1].span, for: folder.path(of: "missing/a"), mode: 0o600)
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["old"])
    }
}
