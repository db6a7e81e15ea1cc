// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FuzzKit

@testable import Settings

/// Reads a settings file, then its values; what is read and written again is read as the same.
///
/// Input: the file.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe FuzzInput(start, count)
    guard let text = String(validating: input.rest, as: UTF8.self) else { return 0 }
    do throws(SettingsError) {
        let values = try SettingsLines.values(in: text, path: "fuzz", knownNames: SettingNames.all)
        checkRewritten(values)
        checkReader(values)
        for value in values.values { checkTexts(value) }
    } catch {
        checkError(error, lines: input.rest.count { $0 == 0x0A } + 1)
    }
    return 0
}

private func checkRewritten(_ values: [String: String]) {
    precondition(SettingNames.all.isSuperset(of: values.keys), "a name that is not known")
    let text = values.map { name, value in
        let quote = value.contains("\"") ? "'" : "\""
        return "\(name)=\(quote)\(value)\(quote)\r\n"
    }.joined()
    let again = try? SettingsLines.values(in: text, path: "fuzz", knownNames: SettingNames.all)
    precondition(again == values, "values that were written are read as others")
}

/// The reader gives each value as it stands, or refuses it.
private func checkReader(_ values: [String: String]) {
    guard let reader = try? SettingsReader(flags: [:], environment: values, knownNames: SettingNames.all) else {
        preconditionFailure("an environment without CONFIG_FILE is refused")
    }
    for (name, value) in values {
        let setting = Setting<String>(name: name, summary: "", allowed: "", parse: { $0 })
        precondition((try? reader.optionalValue(setting)) == value, "the reader gives another value")
    }
    do throws(SettingsError) {
        _ = try LogLevelSetting.read(from: reader)
        _ = try reader.optionalValue(LogFormat.setting)
        _ = try reader.optionalValue(SharedSettings.socket)
        _ = try reader.optionalValue(SharedSettings.maximumBodyBytes)
    } catch {
        checkError(error, lines: 0)
    }
}

private func checkTexts(_ value: String) {
    let ports = SettingText.ports(value)
    precondition(ports?.contains(0) != true && ports?.isEmpty != true, "no port, or port 0")
    let users = SettingText.userIDs(value)
    precondition(users?.contains(.max) != true && users?.isEmpty != true, "no user, or the one that is none")
    let names = SettingText.names(value)
    precondition(names?.contains { $0.isEmpty || $0.contains(",") } != true, "a name that is none")
    precondition(SettingText.hex(value, byteCount: 32)?.count ?? 32 == 32, "hex of another length")
}

/// An error is one line of bounded length, and names a line of the file.
private func checkError(_ error: SettingsError, lines: Int) {
    switch error {
    case .badLine(_, let line, .repeated(let firstLine)):
        precondition((1...lines).contains(line) && (1..<line).contains(firstLine), "a line that is not there")
    case .badLine(_, let line, _), .unknownName(_, let line, _):
        precondition((1...lines).contains(line), "a line that is not there")
    default:
        break
    }
    let scalars = error.description.unicodeScalars
    precondition(scalars.count <= 500, "a long error")
    precondition(!scalars.contains { $0.properties.generalCategory == .control }, "an error of more than one line")
}
