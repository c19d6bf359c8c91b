// swift-tools-version: 6.2
// The fuzzers: a package of its own, because everything in it is compiled with coverage for libFuzzer.
// `make fuzz` builds and runs it; see .ci/fuzz.
import PackageDescription

let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "DopplerBridge", path: "../..")],
    targets: [
        .systemLibrary(name: "CLibFuzzer", path: "Sources/CLibFuzzer"),
        .executableTarget(
            name: "fuzz",
            dependencies: ["CLibFuzzer", .product(name: "DopplerBridgeModules", package: "DopplerBridge")],
            path: "Sources/fuzz",
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"), .treatAllWarnings(as: .error),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
