import Foundation
import Testing

/// A program of the machine that judges or reads a PDF.
struct ExternalTool: CustomTestStringConvertible {
    /// The program's name on the path.
    let name: String
    /// The Debian package that has it.
    let package: String

    static let pdftotext = ExternalTool(name: "pdftotext", package: "poppler-utils")
    static let pdfinfo = ExternalTool(name: "pdfinfo", package: "poppler-utils")
    static let qpdf = ExternalTool(name: "qpdf", package: "qpdf")
    static let java = ExternalTool(name: "java", package: "default-jre-headless")

    var testDescription: String { name }

    /// What a skipped test says.
    var comment: Comment { "skipped: \(name) is missing; install the Debian package \(package)" }

    /// Where the program is; `nil` when it is not installed.
    var path: String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Whether the program is installed.
    var isInstalled: Bool { path != nil }

    /// Runs the program on a PDF, whose path stands for `PDF` among the arguments, and gives its status and output.
    func run(_ arguments: [String], on pdf: [UInt8]) throws -> (status: Int32, output: String) {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID().uuidString).pdf")
        try Data(pdf).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        process.arguments = arguments.map { $0 == "PDF" ? file.path : $0 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    /// The text of each page, laid out as on paper.
    static func pages(of pdf: [UInt8]) throws -> [String] {
        let output = try pdftotext.run(["-layout", "-enc", "UTF-8", "PDF", "-"], on: pdf).output
        return output.split(separator: "\u{0C}").map(String.init)
    }

    /// The words of the whole document in reading order, with single spaces.
    static func words(of pdf: [UInt8]) throws -> String {
        let output = try pdftotext.run(["-raw", "-enc", "UTF-8", "PDF", "-"], on: pdf).output
        return output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// PDFBox's check of PDF/A-1b.
enum Preflight {
    private static let folder = "/usr/share/java/"
    private static let jars = [
        "preflight.jar", "xmpbox.jar", "pdfbox2.jar", "fontbox2.jar", "commons-logging.jar", "jaxb-api.jar",
        "javax.activation.jar", "jakarta-activation.jar",
    ]

    /// Whether Java and PDFBox are installed.
    static var isInstalled: Bool {
        ExternalTool.java.isInstalled && FileManager.default.fileExists(atPath: folder + "preflight.jar")
    }

    /// What a skipped test says.
    static let comment: Comment =
        "skipped: install default-jre-headless libpdfbox2-java libjaxb-api-java libjakarta-activation-java"

    /// The judgement in words.
    static func judge(_ pdf: [UInt8]) throws -> String {
        let path = jars.map { folder + $0 }.joined(separator: ":")
        return try ExternalTool.java.run(
            ["-cp", path, "org.apache.pdfbox.preflight.Validator_A1b", "PDF"], on: pdf
        ).output
    }
}
