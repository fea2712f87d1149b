// swift-tools-version: 6.2
import PackageDescription

// Arrows only point up this list: a target may depend on what stands above it, never on what stands below.
// `scripts/check-arrows.sh` holds the imports of every file against this manifest.

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatWarning("StrictMemorySafety", as: .error),
]

/// Generated code and edges that talk to C libraries or NIO: the same house rules, without the memory-safety fence.
let edge: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

let package = Package(
    name: "fairlead",
    products: [
        .library(name: "Fairlead", targets: ["Fairlead"]),
        .library(name: "FairleadEnvoy", targets: ["FairleadEnvoy"]),
        .library(name: "FairleadRE2", targets: ["FairleadRE2"]),
        .library(name: "FairleadTestKit", targets: ["FairleadTestKit"]),
        .library(name: "FairleadCDynamic", type: .dynamic, targets: ["FairleadABI"]),
        .library(name: "FairleadCStatic", type: .static, targets: ["FairleadABI"]),
        .executable(name: "fairlead", targets: ["FairleadCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    ],
    targets: [
        // Layer 0: the C contract, C libraries, shared nouns.
        .systemLibrary(name: "CFairlead", path: "include"),
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CXXHash"),
        .target(name: "CMutex"),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        .target(name: "FairleadModel", dependencies: ["CXXHash"], swiftSettings: house),

        // Layer 1: what an extension is.
        .target(name: "FairleadPlugin", dependencies: ["FairleadModel"], swiftSettings: house),

        // Layer 2: the hot path, the policies, the desired state, health, patterns. None knows another.
        .target(name: "FairleadDataPlane", dependencies: ["FairleadModel", "FairleadPlugin"], swiftSettings: house),
        .target(name: "FairleadPolicies", dependencies: ["FairleadModel", "FairleadPlugin"], swiftSettings: house),
        .target(name: "FairleadConfiguration", dependencies: ["FairleadModel"], swiftSettings: house),
        .target(
            name: "FairleadRE2", dependencies: ["FairleadModel", "FairleadPlugin", "CRE2"], swiftSettings: house),

        // Layer 3: configuration → blocks.
        .target(
            name: "FairleadCompiler",
            dependencies: ["FairleadModel", "FairleadPlugin", "FairleadConfiguration", "FairleadDataPlane"],
            swiftSettings: house),

        // Layer 4: the engine.
        .target(
            name: "Fairlead",
            dependencies: [
                "CMutex", "FairleadModel", "FairleadPlugin", "FairleadDataPlane", "FairleadPolicies",
                "FairleadConfiguration", "FairleadCompiler",
            ],
            swiftSettings: house),

        // Layer 5: Envoy's v3 schema.
        .target(
            name: "FairleadEnvoy",
            dependencies: [
                "FairleadModel", "FairleadConfiguration", "CYAML",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Protos"],
            swiftSettings: edge),

        // Layer 6: the C library and the kit for plugin authors.
        .target(
            name: "FairleadABI",
            dependencies: ["CFairlead", "Fairlead", "FairleadEnvoy", "FairleadRE2"],
            swiftSettings: house),
        .target(name: "FairleadTestKit", dependencies: ["FairleadModel", "FairleadPlugin"], swiftSettings: house),

        // Layers 8 and 9: the reference proxy and the command.
        .target(
            name: "FairleadProxy",
            dependencies: ["Fairlead"] + nio,
            swiftSettings: edge),
        .executableTarget(
            name: "FairleadCommand",
            dependencies: [
                "Fairlead", "FairleadEnvoy", "FairleadRE2", "FairleadProxy",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: edge),

        // The example of README's tour.
        .executableTarget(
            name: "BalanceExample", dependencies: ["Fairlead", "FairleadEnvoy", "FairleadRE2"], path: "Examples/swift",
            swiftSettings: edge),

        // Programs that check what tests cannot: the laws at any size, and the races.
        .target(name: "CNoise", path: "Tests/Noise"),
        .executableTarget(
            name: "FairleadLaws", dependencies: ["CNoise", "Fairlead", "FairleadRE2"], path: "Tests/Laws",
            swiftSettings: edge),
        .executableTarget(
            name: "FairleadStress", dependencies: ["Fairlead"], path: "Tests/Stress", swiftSettings: edge),

        // Tests.
        .target(
            name: "FairleadScenes", dependencies: ["Fairlead", "FairleadRE2"], path: "Tests/Scenes",
            swiftSettings: edge),
        .testTarget(name: "FairleadModelTests", dependencies: ["FairleadModel"], swiftSettings: edge),
        .testTarget(
            name: "FairleadPluginTests", dependencies: ["FairleadModel", "FairleadPlugin", "FairleadTestKit"],
            swiftSettings: edge),
        .testTarget(
            name: "FairleadDataPlaneTests",
            dependencies: [
                "Fairlead", "FairleadModel", "FairleadPlugin", "FairleadDataPlane", "FairleadCompiler",
                "FairleadScenes",
            ],
            swiftSettings: edge),
        .testTarget(
            name: "FairleadCompilerTests",
            dependencies: [
                "FairleadModel", "FairleadPlugin", "FairleadDataPlane", "FairleadConfiguration", "FairleadCompiler",
            ],
            swiftSettings: edge),
        .testTarget(
            name: "FairleadTests",
            dependencies: ["Fairlead", "FairleadRE2", "FairleadTestKit", "FairleadScenes"],
            swiftSettings: house),
        .testTarget(
            name: "FairleadConfigurationTests", dependencies: ["FairleadModel", "FairleadConfiguration"],
            swiftSettings: edge),
        .testTarget(
            name: "FairleadPoliciesTests",
            dependencies: ["FairleadModel", "FairleadPlugin", "FairleadPolicies", "FairleadTestKit"],
            swiftSettings: edge),
        .testTarget(
            name: "FairleadRE2Tests", dependencies: ["FairleadModel", "FairleadPlugin", "FairleadRE2"],
            swiftSettings: edge),
        .testTarget(
            name: "FairleadProxyTests",
            dependencies: [
                "Fairlead", "FairleadRE2", "FairleadProxy", .product(name: "NIOEmbedded", package: "swift-nio"),
            ] + nio,
            swiftSettings: edge),
        .testTarget(
            name: "FairleadCommandTests",
            dependencies: [
                "Fairlead", "FairleadEnvoy", "FairleadCommand",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: edge),
        .testTarget(
            name: "FairleadEnvoyTests",
            dependencies: [
                "FairleadModel", "FairleadConfiguration", "FairleadEnvoy",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: edge),
    ]
)
