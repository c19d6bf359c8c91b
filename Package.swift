// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every Swift target: Swift 6 mode comes from the package, warnings are errors.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A library target with the shared settings.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil, exclude: [String] = [],
    resources: [Resource]? = nil
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: path ?? "Sources/\(name)", exclude: exclude,
        resources: resources, swiftSettings: strict)
}

/// The tests of one target.
func tests(
    of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
    resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        path: "Tests/\(name)Tests", exclude: exclude, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "DopplerBridge",
    products: [.executable(name: "dopplerbridge", targets: ["dopplerbridge"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // C: headers and module maps only.
        .systemLibrary(name: "CVector", path: "Sources/CVector"),
        .systemLibrary(name: "CLibUSB", path: "Sources/CLibUSB", pkgConfig: "libusb-1.0"),
        .systemLibrary(name: "CPangoCairo", path: "Sources/CPangoCairo", pkgConfig: "pangocairo"),
        .systemLibrary(name: "CQPDF", path: "Sources/CQPDF", pkgConfig: "libqpdf"),

        // From the probe to the samples.
        module("StrictYAML", [.product(name: "Yams", package: "Yams")]),
        module("ProbeLink", ["CVector"]),
        module("ProbeProfiles", ["ProbeLink", "StrictYAML"]),
        module("USBProbeLink", ["ProbeLink", "ProbeProfiles", "CLibUSB"]),
        module("Acquisition", ["ProbeLink", "ProbeProfiles", "CVector"]),

        // From the samples to the exam.
        module("DopplerDSP", ["CVector"]),
        module("CCSVIAnalysis", ["DopplerDSP", "StrictYAML"]),
        module("ExamSession", ["Acquisition", "DopplerDSP", "CCSVIAnalysis", "ProbeLink", "ProbeProfiles"]),
        module("VHISSReport", ["CCSVIAnalysis", "DopplerDSP", "CPangoCairo", "CQPDF"]),

        // The simulated probe and patient.
        module("ProbeSimulator", ["ProbeLink", "ProbeProfiles", "StrictYAML"], path: "Simulator/ProbeSimulator"),

        // The program.
        .executableTarget(
            name: "dopplerbridge",
            dependencies: [
                "USBProbeLink", "ExamSession", "VHISSReport", "ProbeSimulator", "Acquisition", "ProbeProfiles",
                "ProbeLink", "CCSVIAnalysis", "DopplerDSP",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/dopplerbridge", swiftSettings: strict),

        // Tests.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests(of: "StrictYAML"),
        tests(of: "ProbeLink", exclude: ["Golden"]),
        tests(of: "ProbeProfiles"),
        tests(of: "Acquisition", ["ProbeLink"]),
        tests(of: "DopplerDSP"),
        tests(of: "CCSVIAnalysis", ["DopplerDSP"]),
        tests(of: "VHISSReport", ["CCSVIAnalysis", "DopplerDSP"]),
        tests(of: "ProbeSimulator", ["ProbeLink"]),
    ],
    swiftLanguageModes: [.v6]
)
