// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import SwiftASN1
import X509

/// A file with the certificate of a root, in PEM or in DER.
public enum RootCertificateFile {
    /// The most bytes that such a file has.
    public static let maximumByteCount = 16_384

    /// Reads a file: one certificate, and nothing before or after it but blank lines in PEM.
    ///
    /// - Returns: the certificate in DER. That it is fit to be a root is for the verifier to say.
    /// - Throws: ``AttestationError/badRootFile``.
    public static func parse(_ bytes: [UInt8]) throws(AttestationError) -> [UInt8] {
        guard bytes.count <= maximumByteCount else { throw .badRootFile }
        let isDER = bytes.first == 0x30
        guard let der = isDER ? bytes : content(ofPEM: bytes), (try? Certificate(derEncoded: der)) != nil else {
            throw .badRootFile
        }
        return der
    }

    /// The content of the one block there is; `nil` where the text is not just that block as it is usually written.
    private static func content(ofPEM bytes: [UInt8]) -> [UInt8]? {
        let lines = String(decoding: bytes, as: UTF8.self).split { $0 == "\n" || $0 == "\r\n" }
        let text = lines.joined(separator: "\n")
        // Reading alone would pass over what stands around the block.
        guard let block = try? PEMDocument(pemString: text), block.discriminator == Certificate.defaultPEMDiscriminator,
            block.pemString.utf8.elementsEqual(text.utf8)
        else { return nil }
        return block.derBytes
    }
}
