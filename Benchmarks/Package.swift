// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses Fairlead resolves or builds it.

let package = Package(
    name: "fairlead-benchmarks",
    dependencies: [.package(name: "fairlead", path: "..")],
    targets: [
        .target(name: "CProbe"),
        .executableTarget(
            name: "FairleadBench",
            dependencies: [
                "CProbe",
                .product(name: "Fairlead", package: "fairlead"),
                .product(name: "FairleadRE2", package: "fairlead"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
    ]
)
