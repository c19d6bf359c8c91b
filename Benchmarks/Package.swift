// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "DopplerBenchmarks",
    dependencies: [.package(name: "DopplerBridge", path: "..")],
    targets: [
        // What users would pick instead, each called by its own library's interface. FFTW is a peer here only.
        .target(
            name: "CPeers",
            cxxSettings: [.unsafeFlags(["-march=native", "-O3"])],
            linkerSettings: [
                .linkedLibrary("jack"), .linkedLibrary("fftw3f"), .linkedLibrary("kissfft-float"),
                .linkedLibrary("liquid"), .linkedLibrary("stdc++"),
            ]),
        .executableTarget(
            name: "DopplerBench",
            dependencies: ["CPeers", .product(name: "DopplerBridgeModules", package: "DopplerBridge")],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
