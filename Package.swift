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
///
/// - Parameter isArithmetic: whether it is optimised in debug builds too, so that the tests can examine whole patients;
///   checks for overflow and bounds stay.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil, exclude: [String] = [],
    resources: [Resource]? = nil, isArithmetic: Bool = false
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: path ?? "Sources/\(name)", exclude: exclude,
        resources: resources, swiftSettings: strict + (isArithmetic ? optimised : []))
}

/// Optimised in debug builds too.
let optimised: [SwiftSetting] = [
    .unsafeFlags(["-O"], .when(configuration: .debug))
]

/// The kernels of the Doppler chain for one kind of processor: the same files each time, by links to `Shared`.
///
/// Elsewhere than on x86-64 they are all alike, and one of them is used.
func kernels(_ name: String, level: String) -> Target {
    #if arch(x86_64)
        let flags: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=\(level)"])]
    #else
        let flags: [SwiftSetting] = []
    #endif
    return .target(
        name: "DopplerKernels\(name)", dependencies: ["CVector"], path: "Sources/DopplerKernels/\(name)",
        swiftSettings: strict + flags + optimised)
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

/// The scenarios of the simulated patients, embedded in the program.
let scenarios = [
    "borderline", "ccsvi", "ccsvi-fault-clipping", "ccsvi-fault-clock-drift", "ccsvi-fault-dropout",
    "ccsvi-fault-gain-phase", "ccsvi-fault-hum", "ccsvi-fault-offset", "ccsvi-fault-tap", "ccsvi-fault-wall-thump",
    "fault-clipping", "fault-clock-drift", "fault-dropout", "fault-gain-phase", "fault-hum", "fault-offset",
    "fault-tap", "fault-wall-thump", "fault-wall-thump-60", "healthy", "healthy-asymmetric", "healthy-azygos",
    "healthy-drainage-2", "healthy-drainage-3", "healthy-elderly", "healthy-expiration", "healthy-leaky-valves",
    "healthy-pulsatile", "healthy-septum",
    "healthy-valsalva", "incomplete", "no-bone-window", "one-bone-window", "one-side-only",
    "one-side-reflux", "only-c1", "only-c2", "only-c3", "only-c4", "only-c5", "pair-c1-c2", "pair-c1-c3",
    "pair-c1-c4", "pair-c1-c5", "pair-c2-c3", "pair-c2-c4", "pair-c2-c5", "pair-c3-c4", "pair-c3-c5", "pair-c4-c5",
    "supine-only", "valve",
]

/// The console's page: every file of Sources/WebConsole/Assets.
let consoleAssets = [
    "api.js", "app.js", "area-tool.js", "axes.js", "base.css", "calipers.js", "cine.js", "de.json", "depth.js",
    "dom.js", "en.json", "exam-keys.js", "exam-measures.js", "exam-protocol.js", "exam-settings.js", "exam-task.js",
    "exam-top.js", "exam-transport.js", "exam.css", "frame.css", "frame.js", "hand-trace.js", "icon.svg", "index.html",
    "it.json", "keys.js", "live-worker.js", "live.js", "maps.js", "pieces.js", "pl.json", "review-compare.js",
    "review-picture.js", "screen-device.js", "screen-exam.js", "screen-patients.js", "screen-review.js",
    "screen-send.js", "screens.css",
    "session.js", "sharpness.js", "sound-worklet.js", "sound.js", "spectrum.js", "stats.js", "strip.js", "view.js",
    "words.js",
]

let package = Package(
    name: "DopplerBridge",
    products: [
        .executable(name: "dopplerbridge", targets: ["dopplerbridge"]),
        // For the packages in Tests/Fuzz and Benchmarks.
        .library(
            name: "DopplerBridgeModules",
            targets: [
                "ProbeLink", "ProbeProfiles", "StrictYAML", "USBProbeLink", "USBCapture", "Acquisition", "DopplerDSP",
                "SampleFiles",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    ],
    targets: [
        // C: headers and module maps only.
        .systemLibrary(name: "CVector", path: "Sources/CVector"),
        .systemLibrary(name: "CLibUSB", path: "Sources/CLibUSB", pkgConfig: "libusb-1.0"),
        .systemLibrary(name: "CGLib", path: "Sources/CGLib", pkgConfig: "glib-2.0"),
        .systemLibrary(name: "CPangoCairo", path: "Sources/CPangoCairo", pkgConfig: "pangocairo"),
        .systemLibrary(name: "CQPDF", path: "Sources/CQPDF", pkgConfig: "libqpdf"),
        .systemLibrary(name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CHDF5", path: "Sources/CHDF5", pkgConfig: "hdf5"),
        .systemLibrary(name: "CZip", path: "Sources/CZip", pkgConfig: "libzip"),
        // The only C++. Debian's pkg-config file of DCMTK asks for packages that it does not need, so its libraries are
        // named one by one.
        .target(
            name: "CDICOM", path: "Sources/CDICOM",
            linkerSettings: ["dcmtls", "dcmsr", "dcmnet", "dcmdata", "oflog", "ofstd"].map { .linkedLibrary($0) }),

        // From the probe to the samples.
        module("StrictYAML", [.product(name: "Yams", package: "Yams")]),
        module("ProbeLink", ["CVector"]),
        module(
            "BundledDeviceProfiles", path: "DeviceProfiles",
            exclude: ["README.md", "example.yaml", "probe-profile.schema.json"],
            resources: [
                .embedInCode("generic/usb-audio-stereo.yaml"), .embedInCode("hs-ulm/digidop.yaml"),
                .embedInCode("hs-ulm/usd3.0.yaml"), .embedInCode("odp/reference.yaml"),
                .embedInCode("template/cypress-fx2.bin"), .embedInCode("template/cypress-fx2.yaml"),
                .embedInCode("template/ftdi-sync-fifo.yaml"),
            ]),
        module("ProbeProfiles", ["ProbeLink", "StrictYAML", "BundledDeviceProfiles", "CGLib"]),
        module("USBProbeLink", ["ProbeLink", "ProbeProfiles", "CLibUSB"]),
        module("USBCapture", ["ProbeLink"]),
        module("Acquisition", ["ProbeLink", "ProbeProfiles", "StrictYAML", "CVector", "CGLib"]),

        // From the samples to the exam.
        kernels("SSE4", level: "x86-64-v2"),
        kernels("AVX2", level: "x86-64-v3"),
        kernels("AVX512", level: "x86-64-v4"),
        module(
            "DopplerDSP", ["CVector", "DopplerKernelsSSE4", "DopplerKernelsAVX2", "DopplerKernelsAVX512"],
            isArithmetic: true),
        module(
            "CCSVIAnalysis", ["DopplerDSP", "StrictYAML"],
            resources: [
                .embedInCode("Definitions/brave-dreams-2012.yaml"), .embedInCode("Definitions/ctevd-2011.yaml"),
                .embedInCode("Definitions/mayer-2011.yaml"), .embedInCode("Definitions/zamboni-2009.yaml"),
                .embedInCode("Definitions/zivadinov-2013.yaml"),
                .embedInCode("Tables/segments-v1.yaml"),
                .embedInCode("Protocols/azygos-extended.yaml"), .embedInCode("Protocols/buffalo-45min.yaml"),
                .embedInCode("Protocols/neck-short.yaml"), .embedInCode("Protocols/research-repeat.yaml"),
                .embedInCode("Protocols/standard.yaml"),
                .embedInCode("Schemas/definition-comparison.schema.json"),
                .embedInCode("Schemas/exam-measurements.schema.json"),
                .embedInCode("Schemas/exam.schema.json"),
            ],
            isArithmetic: true),
        // From the counts of a cohort to ratios, tests, agreement and forests.
        module("CohortStatistics", resources: [.embedInCode("Studies/published.csv")], isArithmetic: true),
        // From a picture to an area.
        module("VesselImaging", isArithmetic: true),
        // From several exams of one subject, and several readers of one study, to differences and agreement.
        module(
            "FollowUp", ["CCSVIAnalysis", "DopplerDSP", "CohortStatistics"],
            resources: [.embedInCode("Schemas/follow-up.schema.json")], isArithmetic: true),
        // A recording as files for other programs: WAV, SigMF, NPZ, XDF, HDF5, EDF+, CSV.
        module("SampleFiles", ["Acquisition", "ProbeLink", "CHDF5", "CZip"]),
        module("ExamSession", ["Acquisition", "DopplerDSP", "CCSVIAnalysis", "ProbeLink", "ProbeProfiles"]),
        // The exams that are kept: the database, the files beside it, the audit log, sealed identities.
        module(
            "ExamArchive",
            [
                "CCSVIAnalysis", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]),
        // Exams without identity, as tables with a data dictionary: pure.
        module("RegistryExport", ["CCSVIAnalysis", "DopplerDSP"]),
        // One row for each exam of a cohort that is analysed on many machines, and the table they make: pure.
        module("CohortRows", ["CCSVIAnalysis"]),
        module("VHISSReport", ["CCSVIAnalysis", "DopplerDSP", "VesselImaging", "CPangoCairo", "CQPDF"]),
        // The exam as the clinic's record takes it: DICOM objects, FHIR, HL7 v2. No network.
        module(
            "RecordDocuments", ["CCSVIAnalysis", "DopplerDSP", "CDICOM"],
            resources: [.embedInCode("Codes/codes.csv")]),
        // Worklist in, documents out: DICOM, MLLP, STOW-RS, FHIR; one outbox worker for each destination.
        module("ClinicRecord", ["RecordDocuments", "ExamArchive", "StrictYAML", "CDICOM", "CCurl"]),

        // The technician's console: HTTP and WebSocket within limits, what a screen and a loudspeaker get of the samples, and
        // the page with what stands behind it.
        module(
            "LocalServer",
            [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        module("LiveView", ["ProbeLink", "Acquisition", "DopplerDSP"], isArithmetic: true),
        // OpenIGTLink: messages, and a server on threads of its own; knows nothing of probes and exams.
        module("OpenIGTLink", isArithmetic: true),
        // Running samples for researchers' programs: Lab Streaming Layer and OpenIGTLink; never slows acquisition.
        module("LiveStreams", ["ProbeLink", "Acquisition", "DopplerDSP", "OpenIGTLink"], isArithmetic: true),
        module(
            "WebConsole",
            [
                "LocalServer", "LiveView", "ExamSession", "ExamArchive", "CCSVIAnalysis", "DopplerDSP", "VesselImaging",
                "Acquisition", "ProbeLink", "ProbeProfiles", "FollowUp",
            ],
            resources: consoleAssets.map { .embedInCode("Assets/\($0)") } + [.embedInCode("API/openapi.json")]),

        // The simulated probe and patient.
        module(
            "BundledScenarios", path: "Simulator/Scenarios",
            resources: scenarios.map { .embedInCode("\($0).yaml") }),
        module(
            "ProbeSimulator", ["ProbeLink", "ProbeProfiles", "StrictYAML", "BundledScenarios"],
            path: "Simulator/ProbeSimulator", isArithmetic: true),

        // Quality assurance: the chain against the electronic test object.
        module(
            "DopplerQA",
            ["DopplerDSP", "CCSVIAnalysis", "VesselImaging", "ProbeLink", "Acquisition", "ProbeSimulator"],
            isArithmetic: true),

        // The program.
        .executableTarget(
            name: "dopplerbridge",
            dependencies: [
                "USBProbeLink", "USBCapture", "ExamSession", "VHISSReport", "ProbeSimulator", "Acquisition",
                "ProbeProfiles", "DopplerQA", "ProbeLink", "CCSVIAnalysis", "DopplerDSP", "VesselImaging",
                "CohortStatistics", "CohortRows", "FollowUp", "ExamArchive", "RegistryExport", "SampleFiles",
                "RecordDocuments", "ClinicRecord", "WebConsole", "LocalServer", "LiveStreams", "OpenIGTLink",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/dopplerbridge", swiftSettings: strict),

        // Tests.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests(of: "StrictYAML"),
        tests(of: "ProbeLink", exclude: ["Golden"]),
        tests(of: "ProbeProfiles", ["ProbeLink", "StrictYAML", "BundledDeviceProfiles"], exclude: ["Golden"]),
        tests(of: "USBCapture", ["ProbeLink", "ProbeSimulator"]),
        tests(of: "Acquisition", ["ProbeLink"]),
        tests(of: "SampleFiles", ["Acquisition", "ProbeLink"]),
        tests(of: "DopplerDSP"),
        tests(of: "CCSVIAnalysis", ["DopplerDSP"], resources: [.embedInCode("Vectors/definitions.md")]),
        tests(of: "CohortStatistics"),
        tests(of: "FollowUp", ["CCSVIAnalysis", "DopplerDSP", "CohortStatistics"]),
        tests(of: "VesselImaging", ["ProbeSimulator", "ProbeLink"]),
        tests(of: "ExamSession", ["Acquisition", "CCSVIAnalysis", "DopplerDSP", "ProbeLink", "ProbeSimulator"]),
        // One act on an archive, to be killed or to lose what it did not sync; and a benchmark of many exams.
        .executableTarget(
            name: "ArchiveActs", dependencies: ["ExamArchive"], path: "Tests/ArchiveActs", swiftSettings: strict),
        tests(of: "ExamArchive", ["CCSVIAnalysis", "ArchiveActs"]),
        tests(of: "RegistryExport", ["CCSVIAnalysis", "DopplerDSP"]),
        tests(of: "CohortRows", ["CCSVIAnalysis", "DopplerDSP"]),
        tests(of: "RecordDocuments", ["CCSVIAnalysis", "DopplerDSP"], exclude: ["Golden"]),
        tests(of: "ClinicRecord", ["RecordDocuments", "ExamArchive"]),
        tests(of: "LocalServer"),
        tests(of: "OpenIGTLink", exclude: ["Clients"]),
        tests(of: "LiveView", ["ProbeLink", "Acquisition", "DopplerDSP", "ProbeSimulator"]),
        tests(of: "LiveStreams", ["ProbeLink", "Acquisition", "DopplerDSP", "OpenIGTLink", "ProbeSimulator"]),
        tests(
            of: "WebConsole",
            [
                "LocalServer", "LiveView", "ExamSession", "ExamArchive", "CCSVIAnalysis", "ProbeLink", "ProbeSimulator",
                "Acquisition", "DopplerDSP", "VesselImaging",
            ]),
        tests(of: "VHISSReport", ["CCSVIAnalysis", "DopplerDSP"], exclude: ["Golden"]),
        tests(of: "ProbeSimulator", ["ProbeLink"], exclude: ["Golden"]),
        tests(of: "DopplerQA", ["DopplerDSP", "CCSVIAnalysis", "VesselImaging", "ProbeLink", "ProbeSimulator"]),
        // With the exam over USB: a process may have only one test bed at a time.
        tests(
            of: "USBProbeLink",
            [
                "ProbeLink", "ProbeSimulator", "CLibUSB", "UMockdevRig", "ExamSession", "CCSVIAnalysis", "Acquisition",
                "DopplerDSP", "ProbeProfiles",
            ]),
        // `make usb-report`: what the driver layer shows, measured.
        .executableTarget(
            name: "USBReport",
            dependencies: ["USBProbeLink", "Acquisition", "DopplerDSP", "ProbeLink", "UMockdevRig"],
            path: "Tests/USBReport",
            swiftSettings: strict),
        // The hot loops of the Doppler chain, each a fixed number of times: `make instructions` counts what they execute.
        .executableTarget(
            name: "HotLoops", dependencies: ["DopplerDSP"], path: "Tests/HotLoops", swiftSettings: strict),
        // The program as a user runs it.
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["dopplerbridge", "ArchiveActs", "ExamArchive", "Acquisition", "TestSupport"],
            path: "Tests/EndToEndTests",
            swiftSettings: strict),
        .systemLibrary(name: "CUMockdev", path: "Tests/CUMockdev", pkgConfig: "umockdev-1.0"),
        .target(
            name: "UMockdevRig", dependencies: ["CUMockdev"], path: "Tests/UMockdevRig",
            linkerSettings: [
                .linkedLibrary("util"),
                // Ahead of libc among the needed libraries, so that no LD_PRELOAD has to be set. Without a test
                // bed it passes everything through.
                .unsafeFlags([
                    "-Xlinker", "--push-state", "-Xlinker", "--no-as-needed", "-Xlinker", "-lumockdev-preload",
                    "-Xlinker", "--pop-state",
                ]),
            ]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// With DOPPLERBRIDGE_ONLY=usb the package is only what the tests of the USB driver need, without the exam over USB:
// `.ci/test` builds it twice more, with a sanitizer each time.
if Context.environment["DOPPLERBRIDGE_ONLY"] == "usb" {
    let needed: Set<String> = [
        "CVector", "CGLib", "CLibUSB", "StrictYAML", "ProbeLink", "BundledDeviceProfiles", "ProbeProfiles",
        "USBProbeLink",
        "BundledScenarios", "ProbeSimulator", "TestSupport", "CUMockdev", "UMockdevRig", "USBProbeLinkTests",
    ]
    package.products = []
    package.targets = package.targets.filter { needed.contains($0.name) }
    for target in package.targets where target.name == "USBProbeLinkTests" {
        target.exclude = ["ExamThreeWaysTests.swift", "PhantomBedside.swift", "ShortExam.swift"]
        target.dependencies = [
            "USBProbeLink", "ProbeLink", "ProbeProfiles", "ProbeSimulator", "CLibUSB", "UMockdevRig", "TestSupport",
        ]
    }
}
