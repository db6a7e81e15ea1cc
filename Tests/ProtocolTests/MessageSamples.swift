// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

@testable import Protocol

/// A message as it is sent, and the bytes of secrets that it announces.
struct SampleMessage: CustomStringConvertible {
    let message: Message
    let secretCount: Int

    var description: String { "\(message)" }

    func encoded() throws(FrameError) -> [UInt8] {
        try message.encoded(secretCount: secretCount)
    }
}

/// Makes messages of every kind, all of them within the limits of the protocol.
struct MessageSamples {
    private var generator: SeededGenerator
    /// Where the next secret field lies; the decoder counts the same way.
    private var secretCount = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// One of each kind in each round.
    mutating func messages(rounds: Int) -> [SampleMessage] {
        (0..<rounds).flatMap { _ in kinds.map { sample($0) } }
    }

    private var kinds: [(inout MessageSamples) -> Message] {
        [
            { $0.hello() }, { $0.welcome() }, { .cancel(identifier: $0.integer()) },
            { .request($0.head(), .info) },
            { .request($0.head(), .generateSeed($0.generateSeed())) },
            { .request($0.head(), .deriveSeed($0.deriveSeed())) },
            { .request($0.head(), .validateSeed($0.validateSeed())) },
            { .request($0.head(), .genesisBoot($0.genesisBoot())) },
            { .request($0.head(), .genesisAnswer) },
            { .request($0.head(), .injectShares($0.injectShares())) },
            { .request($0.head(), .bootStandard($0.bootStandard())) },
            { .request($0.head(), .manifest) },
            { .request($0.head(), .shareManifest($0.shareManifest())) },
            { .request($0.head(), .generateAttestation($0.attestationRequest())) },
            { .request($0.head(), .exportChallenge) },
            { .request($0.head(), .exportKey($0.exportKey())) },
            { .request($0.head(), .injectKey($0.injectKey())) },
            { .reply(identifier: $0.integer(), .info($0.info())) },
            { .reply(identifier: $0.integer(), .genesis($0.genesisAnswer())) },
            { .reply(identifier: $0.integer(), .shares($0.injectResult())) },
            { .reply(identifier: $0.integer(), .booted($0.bootResult())) },
            { .reply(identifier: $0.integer(), .manifest($0.heldManifest())) },
            { .reply(identifier: $0.integer(), .manifestShared($0.shareManifestResult())) },
            { .reply(identifier: $0.integer(), .attestation($0.attestationResult())) },
            { .reply(identifier: $0.integer(), .challenge($0.challenge())) },
            { .reply(identifier: $0.integer(), .exportedKey($0.exportedKey())) },
            { .reply(identifier: $0.integer(), .keyInjected($0.injectKeyResult())) },
            { .reply(identifier: $0.integer(), .seed($0.seed())) },
            { .reply(identifier: $0.integer(), .verdict($0.verdict())) },
            { .reply(identifier: $0.integer(), .refused($0.refusal())) },
        ]
    }

    private mutating func sample(_ make: (inout MessageSamples) -> Message) -> SampleMessage {
        secretCount = 0
        let message = make(&self)
        return SampleMessage(message: message, secretCount: secretCount)
    }
}

// MARK: Messages

extension MessageSamples {
    private mutating func hello() -> Message {
        .hello(Hello(spoken: range()))
    }

    private mutating func welcome() -> Message {
        .welcome(
            Welcome(
                version: maybe { $0.integer() },
                spoken: range(),
                product: text(0...12),
                frameLimit: integer()
            )
        )
    }

    private mutating func head() -> RequestHead {
        let alphabet = Array("ABCabc019._-")
        let count = element([1, 2, 9, 128])
        return RequestHead(
            identifier: integer(),
            deadlineMilliseconds: integer(),
            requestIdentifier: String((0..<count).map { _ in element(alphabet) })
        )
    }

    private mutating func generateSeed() -> GenerateSeedRequest {
        GenerateSeedRequest(
            strength: element(SeedStrength.allCases),
            language: element(SeedLanguage.allCases),
            passphrase: maybe { $0.secret(0...1024) }
        )
    }

    private mutating func deriveSeed() -> DeriveSeedRequest {
        DeriveSeedRequest(
            seedType: text(1...20),
            seedData: text(0...40),
            strength: element(SeedStrength.allCases),
            language: element(SeedLanguage.allCases),
            passphrase: maybe { $0.secret(0...1024) }
        )
    }

    private mutating func validateSeed() -> ValidateSeedRequest {
        ValidateSeedRequest(phrase: secret(0...400), language: maybe { $0.element(SeedLanguage.allCases) })
    }

    private mutating func info() -> EnclaveInfo {
        EnclaveInfo(
            version: text(0...9),
            enclaveIdentifier: bytes(16),
            capabilities: (0..<Int.random(in: 0...3, using: &generator)).map { _ in text(0...16) },
            phase: element(Phase.allCases),
            history: (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                .init(phase: element(Phase.allCases), enteredAt: integer())
            },
            mode: element([.development, .production]),
            attestation: element([.emulated, .nitro]),
            attestationRoot: bytes(32),
            applicationHash: bytes(32),
            quorum: maybe { $0.quorumStatus() },
            sandbox: .init(seccomp: element([true, false]), landlockABI: maybe { $0.integer() })
        )
    }

    private mutating func seed() -> SeedResult {
        SeedResult(
            strength: element(SeedStrength.allCases),
            language: element(SeedLanguage.allCases),
            phrase: secret(0...300),
            entropy: secret(16...32),
            seed: maybe { $0.secret(64...64) }
        )
    }

    private mutating func verdict() -> SeedVerdict {
        SeedVerdict(
            wordCount: integer(),
            language: maybe { $0.element(SeedLanguage.allCases) },
            flaw: maybe { $0.element([.unknownWord, .badChecksum, .badWordCount]) },
            position: maybe { $0.integer() },
            knownInLowerCase: element([true, false])
        )
    }

    private mutating func refusal() -> EnclaveError {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            EnclaveError(wrongState: element(Phase.allCases), allowed: Phase.allCases.shuffled(using: &generator))
        case 1:
            EnclaveError(element(EnclaveError.Reason.allCases), state: element(Phase.allCases))
        case 2:
            EnclaveError(element(EnclaveError.Reason.allCases), field: "share_members", index: 3, "pub_key")
        default:
            EnclaveError(
                element(EnclaveError.Reason.allCases), field: maybe { $0.element(["passphrase", "language"]) })
        }
    }
}

// MARK: Values

extension MessageSamples {
    mutating func integer<T: FixedWidthInteger>() -> T {
        // The ends more often than by chance.
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: T.min
        case 1: T.max
        default: T(truncatingIfNeeded: generator.next())
        }
    }

    mutating func range() -> ClosedRange<UInt16> {
        let (one, other): (UInt16, UInt16) = (integer(), integer())
        return min(one, other)...max(one, other)
    }

    mutating func maybe<T>(_ make: (inout MessageSamples) -> T) -> T? {
        Bool.random(using: &generator) ? make(&self) : nil
    }

    mutating func element<T>(_ choices: [T]) -> T {
        choices[Int.random(in: choices.indices, using: &generator)]
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in integer() }
    }

    /// Text of one to four bytes a character.
    mutating func text(_ count: ClosedRange<Int>) -> String {
        let alphabet: [Character] = ["a", "Z", "\0", "\"", "é", "ß", "€", "界", "🔑"]
        return String((0..<Int.random(in: count, using: &generator)).map { _ in element(alphabet) })
    }

    mutating func secret(_ range: ClosedRange<Int>) -> SecretField {
        let count = Int.random(in: range, using: &generator)
        defer { secretCount += count }
        return SecretField(offset: secretCount, count: count)
    }
}
