// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension AttestationPolicy {
    /// The most bytes that a policy file has.
    public static let maximumFileByteCount = 65_536

    /// Reads a policy file, a JSON object such as
    ///
    ///     {
    ///       "measurements": [{"pcr0": "96 digits", "pcr1": "96 digits", "pcr2": "96 digits", "pcr3": "96 digits"}],
    ///       "max_age_seconds": 300,
    ///       "roots": ["64 digits"]
    ///     }
    ///
    /// Each member may be left out, and so may `pcr3`. Without `roots` it is the root of AWS; a list that is there is
    /// not empty. Strictly: no member is unknown or there twice, digits are hexadecimal of the right number, the age is
    /// a number without fraction, exponent or sign, and no string has an escape.
    ///
    /// - Parameter json: at most ``maximumFileByteCount`` bytes in UTF-8, without a byte order mark.
    /// - Throws: ``AttestationError/badPolicy``.
    public init(parsing json: [UInt8]) throws(AttestationError) {
        guard json.count <= Self.maximumFileByteCount else { throw .badPolicy }
        var reader = PolicyFileReader(json)
        self = try reader.policy()
    }
}
