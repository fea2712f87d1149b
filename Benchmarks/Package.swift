// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses Fairlead resolves or builds it.

let package = Package(
    name: "fairlead-benchmarks",
    dependencies: [.package(name: "fairlead", path: "..")],
    targets: [
        .target(name: "CProbe"),
        .target(name: "CDecision", cSettings: [.unsafeFlags(["-I../include"])]),
        .executableTarget(
            name: "FairleadBench",
            dependencies: [
                "CDecision", "CProbe",
                .product(name: "Fairlead", package: "fairlead"),
                .product(name: "FairleadRE2", package: "fairlead"),
                .product(name: "FairleadCStatic", package: "fairlead"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
    ]
)
