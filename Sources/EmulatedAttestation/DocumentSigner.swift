// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto
import X509

/// The key that signs documents, and the certificates that lead from it to a root.
///
/// Between the root and the key stand three authorities, as in AWS's chains: with the same extensions, path lengths and
/// lifetimes, but for the places to ask for revocations, of which there are none here.
struct DocumentSigner {
    /// How long the certificate of the signing key is valid, in seconds.
    static let lifetime: Int64 = 3 * 3600
    /// How much of that must be left for another document, in seconds: the time that a verifier has.
    static let reserve: Int64 = 3600
    /// How far the certificates reach back, in seconds, for a verifier whose clock is behind.
    static let tolerance: Int64 = 3

    private static let day: Int64 = 24 * 3600

    let key: P384.Signing.PrivateKey
    /// Of the signing key, DER.
    let certificate: [UInt8]
    /// Of the authorities, DER, root first.
    let bundle: [[UInt8]]
    /// The last second of `certificate`, since 1970.
    private let lastSecond: Int64

    /// Makes a new key, and all certificates but the root's.
    ///
    /// - Parameter milliseconds: now, since 1970.
    /// - Throws: what the libraries throw: the root is malformed, or cannot sign.
    init(under root: AttestationRoot, of module: ModuleName, at milliseconds: Int64) throws {
        let second = milliseconds / 1000
        let first = second - Self.tolerance
        let top = try CertificateIssuer(root)
        let region = try top.authority(named: .region(), pathLength: 2, validity: first...second + 20 * Self.day)
        let zone = try region.issuer.authority(named: .zone(), pathLength: 1, validity: first...second + 6 * Self.day)
        let instance = try zone.issuer.authority(
            named: .instance(of: module), pathLength: 0, validity: first...second + Self.day
        )
        lastSecond = second + Self.lifetime
        key = P384.Signing.PrivateKey()
        certificate = try instance.issuer.certificate(
            for: .enclave(of: module),
            key: key.publicKey,
            validity: first...lastSecond,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                KeyUsage(digitalSignature: true, nonRepudiation: true)
            }
        )
        bundle = [root.certificate, region.certificate, zone.certificate, instance.certificate]
    }

    /// Whether a document that is signed at this time can be verified for a while.
    func isFresh(at milliseconds: Int64) -> Bool {
        milliseconds / 1000 + Self.reserve <= lastSecond
    }
}

extension CertificateIssuer {
    /// A new authority below this one.
    ///
    /// - Parameter pathLength: how many may stand between it and a certificate that is none of an authority.
    fileprivate func authority(
        named name: DistinguishedName,
        pathLength: Int,
        validity: ClosedRange<Int64>
    ) throws -> (issuer: CertificateIssuer, certificate: [UInt8]) {
        let below = CertificateIssuer(name: name, key: P384.Signing.PrivateKey())
        let certificate = try certificate(
            for: name,
            key: below.key.publicKey,
            validity: validity,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: pathLength))
                AuthorityKeyIdentifier(keyIdentifier: keyIdentifier)
                SubjectKeyIdentifier(keyIdentifier: below.keyIdentifier)
                // The lowest one signs certificates and nothing else.
                Critical(KeyUsage(digitalSignature: pathLength > 0, keyCertSign: true, cRLSign: pathLength > 0))
            }
        )
        return (below, certificate)
    }
}

// MARK: - Names

/// The subjects have the form of AWS's, and say that no hardware is behind them. A common name has 64 characters at
/// most (RFC 5280, appendix A.1).
extension DistinguishedName {
    fileprivate static func region() throws -> Self {
        try emulated("\(ModuleName.digits(16)).region.emulated.renclave")
    }

    fileprivate static func zone() throws -> Self {
        try emulated("\(ModuleName.digits(16)).zonal.region.emulated.renclave")
    }

    fileprivate static func instance(of module: ModuleName) throws -> Self {
        try emulated("\(module.instance).region.emulated.renclave")
    }

    fileprivate static func enclave(of module: ModuleName) throws -> Self {
        try emulated("\(module.text).region.emulated")
    }

    private static func emulated(_ name: String) throws -> Self {
        try DistinguishedName {
            OrganizationName("renclave")
            OrganizationalUnitName("emulated without hardware")
            CommonName(name)
        }
    }
}
