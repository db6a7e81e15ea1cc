// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import PackageDescription

/// The same for every target; each feature with its proposal.
let settings: [SwiftSetting] = [
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0470-isolated-conformances.md
    .enableUpcomingFeature("InferIsolatedConformances"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0458-strict-memory-safety.md
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// The shipped enclaves load no library at run time: nothing but their own file decides what they are, and they take a
/// third less memory.
let standalone: [LinkerSetting] = [
    .unsafeFlags(["-static-executable"], .when(platforms: [.linux], configuration: .release))
]

let package = Package(
    name: "renclave",
    products: [
        .library(name: "Attestation", targets: ["Attestation"]),
        .executable(name: "genesis_key_generator", targets: ["genesis_key_generator"]),
        .executable(name: "renclave", targets: ["renclave"]),
        .executable(name: "renclave-host", targets: ["renclave-host"]),
        .executable(name: "renclave-enclave", targets: ["renclave-enclave"]),
        .executable(name: "renclave-enclave-dev", targets: ["renclave-enclave-dev"]),
    ],
    dependencies: [
        // No JSON trait here and no FullFoundation there: either one links all of Foundation and ICU.
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // MARK: System libraries and C

        .systemLibrary(name: "CSodium"),
        .systemLibrary(name: "COpenSSL"),
        .systemLibrary(name: "CUTF8Proc"),
        .target(name: "CLinux"),
        .target(name: "CConstantTime"),
        .target(name: "CPrimitives", dependencies: ["COpenSSL"]),

        // MARK: What both processes share

        .target(name: "Protocol"),
        .target(
            name: "Settings",
            dependencies: [.product(name: "Configuration", package: "swift-configuration")]
        ),
        .target(
            name: "ProcessStart",
            dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")]
        ),
        .target(name: "StructuredLog", dependencies: [.product(name: "Logging", package: "swift-log")]),

        // MARK: Keys, for the enclave and the members

        .target(name: "SecretMemory", dependencies: ["CConstantTime", "CLinux", "CSodium"]),
        .target(name: "Primitives", dependencies: ["COpenSSL", "CPrimitives", "CSodium", "SecretMemory"]),
        .target(name: "Quorum", dependencies: ["CConstantTime", "Primitives", "SecretMemory"]),

        // MARK: Attestation, for enclaves, members and other people's clients

        .target(
            name: "Attestation",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ]
        ),
        .target(name: "NitroAttestation", dependencies: ["Attestation", "CLinux", "Primitives"]),
        .target(
            name: "EmulatedAttestation",
            dependencies: [
                "Attestation", "CLinux", "Primitives",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ]
        ),

        // MARK: The enclave

        .target(
            name: "EnclaveCore",
            dependencies: [
                "Attestation", "CLinux", "CUTF8Proc", "Primitives", "Protocol", "Quorum", "SecretMemory",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "EnclaveCommand",
            dependencies: [
                "Attestation", "EnclaveCore", "CLinux", "Primitives", "ProcessStart", "Protocol", "Quorum",
                "SecretMemory", "Settings", "StructuredLog",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "renclave-enclave",
            dependencies: ["Attestation", "EnclaveCommand", "EnclaveCore", "NitroAttestation", "ProcessStart"],
            linkerSettings: standalone
        ),
        .executableTarget(
            name: "renclave-enclave-dev",
            dependencies: [
                "Attestation", "EmulatedAttestation", "EnclaveCommand", "EnclaveCore", "ProcessStart", "Protocol",
            ],
            linkerSettings: standalone
        ),

        // MARK: The host gateway

        .target(
            name: "HostGateway",
            dependencies: [
                "CLinux", "ProcessStart", "Protocol", "Settings",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .executableTarget(
            name: "renclave-host",
            dependencies: [
                "HostGateway", "ProcessStart", "Protocol", "Settings", "StructuredLog",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),

        // MARK: The operator's tool

        .target(
            name: "MemberCommands",
            dependencies: [
                "Attestation", "CLinux", "Primitives", "Protocol", "Quorum", "SecretMemory",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ]
        ),
        .executableTarget(name: "renclave", dependencies: ["MemberCommands"]),
        .executableTarget(name: "genesis_key_generator", dependencies: ["MemberCommands"]),

        // MARK: Benchmarks

        .executableTarget(
            name: "bare-hummingbird",
            dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
            path: "Benchmarks/bare-hummingbird"
        ),
        .executableTarget(
            name: "curve-floor",
            dependencies: [
                "Attestation", "EmulatedAttestation", "Primitives", "Quorum", "SecretMemory",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "Benchmarks/curve-floor"
        ),

        // MARK: Tests

        .target(name: "VectorKit", path: "Tests/Kits/VectorKit"),
        .target(name: "ProcessKit", dependencies: ["CLinux", "Protocol"], path: "Tests/Kits/ProcessKit"),
        .executableTarget(
            name: "renclave-enclave-rehearsal",
            dependencies: [
                "Attestation", "EmulatedAttestation", "EnclaveCommand", "EnclaveCore", "Primitives", "ProcessStart",
                "Protocol",
            ],
            path: "Tests/Executables/renclave-enclave-rehearsal"
        ),
        .testTarget(name: "ProtocolTests", dependencies: ["Protocol"]),
        .testTarget(name: "SettingsTests", dependencies: ["Settings"]),
        .testTarget(
            name: "StructuredLogTests",
            dependencies: ["StructuredLog", .product(name: "Logging", package: "swift-log")]
        ),
        .testTarget(name: "SecretMemoryTests", dependencies: ["SecretMemory"]),
        .testTarget(name: "PrimitivesTests", dependencies: ["Primitives", "SecretMemory", "VectorKit"]),
        .testTarget(name: "QuorumTests", dependencies: ["Primitives", "Quorum", "SecretMemory", "VectorKit"]),
        .testTarget(
            name: "AttestationTests",
            dependencies: [
                "Attestation", "VectorKit",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ]
        ),
        .testTarget(name: "NitroAttestationTests", dependencies: ["Attestation", "NitroAttestation", "Primitives"]),
        .testTarget(
            name: "EmulatedAttestationTests",
            dependencies: [
                "Attestation", "EmulatedAttestation", "Primitives", "VectorKit",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ]
        ),
        .testTarget(
            name: "EnclaveCoreTests",
            dependencies: [
                "Attestation", "EmulatedAttestation", "EnclaveCore", "Primitives", "Protocol", "Quorum",
                "SecretMemory", "VectorKit",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "EnclaveCommandTests",
            dependencies: [
                "Attestation", "EnclaveCommand", "EnclaveCore", "Primitives", "ProcessStart", "Quorum",
                "SecretMemory", "Settings",
            ]
        ),
        .testTarget(
            name: "HostGatewayTests",
            dependencies: [
                "HostGateway", "Protocol", "Settings",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "MemberCommandsTests",
            dependencies: [
                "Attestation", "EmulatedAttestation", "MemberCommands", "Primitives", "Protocol", "Quorum",
                "SecretMemory", "VectorKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Attestation", "EmulatedAttestation", "Primitives", "ProcessKit", "Protocol", "Quorum", "SecretMemory",
                "VectorKit",
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// MARK: Fuzz targets

/// One for each decoder that reads what others wrote. They take their `main` from the fuzzer, so they cannot be linked
/// without it, and are here only where `scripts/fuzz.sh` asks for them.
let fuzzTargets: [Target] = [
    .executableTarget(name: "FuzzMessage", dependencies: ["FuzzKit", "Protocol"]),
    .executableTarget(
        name: "FuzzJSONBody",
        dependencies: ["FuzzKit", "HostGateway", "Protocol", .product(name: "NIOCore", package: "swift-nio")]
    ),
    .executableTarget(
        name: "FuzzFrameReader",
        dependencies: [
            "EnclaveCore", "FuzzKit", "HostGateway", "Protocol", "SecretMemory",
            .product(name: "NIOCore", package: "swift-nio"),
        ]
    ),
    .executableTarget(
        name: "FuzzPhrase", dependencies: ["EnclaveCore", "FuzzKit", "Primitives", "Protocol", "SecretMemory"]
    ),
    .executableTarget(name: "FuzzSettings", dependencies: ["FuzzKit", "Settings"]),
    .executableTarget(name: "FuzzCanonicalJSON", dependencies: ["FuzzKit", "Quorum"]),
    .executableTarget(name: "FuzzManifest", dependencies: ["FuzzKit", "Quorum"]),
    .executableTarget(name: "FuzzGenesisOutput", dependencies: ["FuzzKit", "Primitives", "Quorum"]),
    .executableTarget(name: "FuzzAttestation", dependencies: ["Attestation", "FuzzKit"]),
    .executableTarget(name: "FuzzNSM", dependencies: ["Attestation", "FuzzKit", "NitroAttestation"]),
    .executableTarget(name: "FuzzEnvelope", dependencies: ["FuzzKit", "Primitives", "Quorum", "SecretMemory"]),
    .executableTarget(name: "FuzzShares", dependencies: ["FuzzKit", "Quorum", "SecretMemory"]),
    .executableTarget(
        name: "FuzzQuorumRequests",
        dependencies: ["FuzzKit", "HostGateway", "Protocol", .product(name: "NIOCore", package: "swift-nio")]
    ),
    .executableTarget(
        name: "FuzzMemberAnswers",
        dependencies: [
            "Attestation", "FuzzKit", "HostGateway", "MemberCommands", "Protocol", "Quorum",
            .product(name: "NIOCore", package: "swift-nio"),
        ]
    ),
]

if Context.environment["RENCLAVE_FUZZ"] != nil {
    package.targets += fuzzTargets + [.target(name: "FuzzKit")]
    for target in package.targets where target.name.hasPrefix("Fuzz") {
        target.path = "Fuzz/\(target.name)"
    }
}

for target in package.targets where target.type != .system {
    target.swiftSettings = settings
}

for target in fuzzTargets {
    target.swiftSettings = settings + [.unsafeFlags(["-parse-as-library"])]
}
