// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension AttestationError {
    /// What is wrong, as the end of a sentence.
    public var words: String {
        switch self {
        case .malformed(let part): "it is not of the form of a Nitro attestation document: \(part.words)"
        case .badSignature: "its signature does not hold"
        case .untrusted(let flaw): flaw.words
        case .expired: "a certificate was no longer valid at the time in question"
        case .notYetValid: "a certificate was not valid yet at the time in question"
        case .stale: "it is older than is allowed"
        case .future: "it is from the future, or a clock is wrong"
        case .wrongNonce: "it does not have the nonce that was asked for"
        case .otherMeasurements(let register): "PCR\(register) is not one that is accepted"
        case .badPolicy: "it is no policy for attestation documents"
        case .badRootFile: "it is not one certificate in PEM or DER"
        }
    }
}

extension AttestationError.Part {
    /// Part of what `words` of an error says.
    fileprivate var words: String {
        switch self {
        case .size: "it is longer than one may be"
        case .envelope: "it is not the four values of COSE_Sign1 in CBOR"
        case .protectedHeader: "its protected header is not ES384 alone"
        case .unprotectedHeader: "its unprotected header is not empty"
        case .payload: "its payload is not a map in CBOR whose names are different"
        case .moduleID: "module_id is missing or empty"
        case .digest: "digest is not SHA384"
        case .timestamp: "timestamp is missing or zero"
        case .registers: "pcrs are missing or are not PCRs"
        case .certificate: "certificate is missing or has a wrong length"
        case .certificateBundle: "cabundle is missing, or has a wrong number of certificates or one of a wrong length"
        case .publicKey: "public_key is neither null nor 1 to 1024 bytes"
        case .userData: "user_data is neither null nor at most 512 bytes"
        case .nonce: "nonce is neither null nor at most 512 bytes"
        case .unknownField: "it has a field that no document has"
        }
    }
}

extension AttestationError.Flaw {
    /// What `words` of an error says.
    fileprivate var words: String {
        switch self {
        case .otherRoot: "its certificates come from a root that is not trusted here"
        case .badChain: "its certificates do not lead to their root one by one"
        case .keyUsage: "a certificate is used for what it is not meant for"
        case .algorithm: "a certificate is not of P-384 and SHA-384"
        case .constraints: "a certificate says that it may not stand where it does"
        case .certificateForm: "a certificate is not well-formed"
        }
    }
}
