// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Configuration

/// The settings of a process: flags over environment over an optional file.
///
/// A bad value is never passed over, whatever source it comes from: the source that wins must be right.
package struct SettingsReader: Sendable {
    /// The setting that names the file.
    package static let configFile = Setting<String>(
        name: "CONFIG_FILE",
        summary: "A file of NAME=value lines, read where neither a flag nor the environment sets a name",
        allowed: "the path of a regular file, UTF-8, at most \(SettingsFile.maximumBytes) bytes",
        parse: { $0.isEmpty ? nil : $0 }
    )

    private struct Layer: Sendable {
        let source: SettingsSource
        let provider: any ConfigProvider
    }

    /// The first that has a value for a name decides.
    private var layers: [Layer]

    /// Collects the three sources and reads the file, if one is named.
    ///
    /// - Parameters:
    ///   - flags: what stood on the command line, by the names of the settings.
    ///   - environment: the whole environment; unknown names in it are nobody's concern.
    ///   - knownNames: every name that may stand in the file, which both processes share.
    /// - Throws: ``SettingsError`` where the file or a line of it cannot be used.
    package init(
        flags: [String: String], environment: [String: String], knownNames: Set<String>
    ) throws(SettingsError) {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (name, text) in flags {
            values[Self.key(name)] = ConfigValue(.string(text), isSecret: false)
        }
        layers = [
            Layer(source: .flag, provider: InMemoryProvider(name: "flags", values: values)),
            Layer(
                source: .environment,
                provider: EnvironmentVariablesProvider(environmentVariables: environment)
            ),
        ]
        guard let (path, source) = try find(Self.configFile) else { return }
        let file = try Self.readFile(at: path, source: source, knownNames: knownNames)
        layers.append(
            Layer(source: .file(path), provider: EnvironmentVariablesProvider(environmentVariables: file))
        )
    }

    /// The value of a setting, or `defaultValue` where no source has one.
    ///
    /// - Throws: ``SettingsError/badValue(name:source:value:allowed:)``.
    package func value<V>(_ setting: Setting<V>, default defaultValue: V) throws(SettingsError) -> V {
        try optionalValue(setting) ?? defaultValue
    }

    /// The value of a setting, `nil` where no source has one.
    ///
    /// - Throws: ``SettingsError/badValue(name:source:value:allowed:)``.
    package func optionalValue<V>(_ setting: Setting<V>) throws(SettingsError) -> V? {
        try find(setting)?.value
    }

    private func find<V>(_ setting: Setting<V>) throws(SettingsError) -> (value: V, source: SettingsSource)? {
        for layer in layers {
            guard let text = try text(of: setting.name, in: layer) else { continue }
            guard let value = setting.parse(text) else {
                throw .badValue(name: setting.name, source: layer.source, value: text, allowed: setting.allowed)
            }
            return (value, layer.source)
        }
        return nil
    }

    private func text(of name: String, in layer: Layer) throws(SettingsError) -> String? {
        let found: ConfigValue?
        do {
            found = try layer.provider.value(forKey: Self.key(name), type: .string).value
        } catch {
            throw .unreadableValue(name: name, source: layer.source)
        }
        switch found?.content {
        case nil: return nil
        case .string(let text): return text
        default: throw .unreadableValue(name: name, source: layer.source)
        }
    }

    /// One component, so that the environment's spelling of the key is the name itself.
    private static func key(_ name: String) -> AbsoluteConfigKey {
        AbsoluteConfigKey([name])
    }

    private static func readFile(
        at path: String, source: SettingsSource, knownNames: Set<String>
    ) throws(SettingsError) -> [String: String] {
        let text: String
        do {
            text = try SettingsFile.text(at: path)
        } catch {
            throw .unreadableFile(path: path, source: source, fault: error)
        }
        return try SettingsLines.values(in: text, path: path, knownNames: knownNames)
    }
}
