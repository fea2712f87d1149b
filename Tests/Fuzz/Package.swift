// swift-tools-version: 6.2
import PackageDescription

// The fuzzers are a package of their own: everything below them is built with libFuzzer's instrumentation.
// `scripts/fuzz.sh` builds and runs them.
let package = Package(
    name: "fairlead-fuzz",
    dependencies: [.package(name: "fairlead", path: "../..")],
    targets: [
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "FuzzConfiguration",
            dependencies: [
                "CFuzzer", .product(name: "Fairlead", package: "fairlead"),
                .product(name: "FairleadEnvoy", package: "fairlead"),
                .product(name: "FairleadRE2", package: "fairlead"),
            ]),
        .executableTarget(
            name: "FuzzRequest",
            dependencies: [
                "CFuzzer", .product(name: "Fairlead", package: "fairlead"),
                .product(name: "FairleadRE2", package: "fairlead"),
            ]),
    ]
)
