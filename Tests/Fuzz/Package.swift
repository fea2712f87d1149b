// swift-tools-version: 6.2
import PackageDescription

// The fuzzers are a package of their own: they are built with libFuzzer, which brings its own `main`.
// `scripts/fuzz.sh` builds and runs them.
let package = Package(
    name: "fairlead-fuzz",
    dependencies: [.package(name: "fairlead", path: "../..")],
    targets: [
        .executableTarget(
            name: "FuzzConfiguration",
            dependencies: [
                .product(name: "Fairlead", package: "fairlead"), .product(name: "FairleadEnvoy", package: "fairlead"),
                .product(name: "FairleadRE2", package: "fairlead"),
            ]),
        .executableTarget(
            name: "FuzzRequest",
            dependencies: [
                .product(name: "Fairlead", package: "fairlead"), .product(name: "FairleadRE2", package: "fairlead"),
            ]),
    ]
)
