// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Logging

/// Writes every event as one line to a file descriptor.
///
/// Of two metadata values with the same key the event's wins over the provider's, and that over the handler's. An
/// event's error becomes `error.message` and `error.type`.
package struct StructuredLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LineFormat
    private let descriptor: LogDescriptor

    init(label: String, level: Logger.Level, format: LineFormat, descriptor: LogDescriptor) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.descriptor = descriptor
    }

    /// One entry of ``metadata``.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes the event, whatever its level: the logger has compared that already.
    package func log(event: LogEvent) {
        let record = LogRecord(
            time: .now(),
            level: event.level,
            label: label,
            message: event.message.description,
            metadata: merged(with: event)
        )
        descriptor.write(LogLine(record, format: format))
    }

    private func merged(with event: LogEvent) -> Logger.Metadata {
        var merged = metadata
        if let metadataProvider { merged.merge(metadataProvider.get()) { $1 } }
        if let metadata = event.metadata { merged.merge(metadata) { $1 } }
        if let error = event.error {
            merged["error.message"] = "\(error)"
            merged["error.type"] = "\(String(reflecting: type(of: error)))"
        }
        return merged
    }
}
