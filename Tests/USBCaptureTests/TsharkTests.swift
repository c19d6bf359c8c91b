import Foundation
import ProbeLink
import Testing

@testable import USBCapture

/// Captures as another program reads them; skipped where it is not installed.
@Suite("Captures in tshark")
struct TsharkTests {
    static let program = ["/usr/bin/tshark", "/usr/local/bin/tshark"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What tshark says of each packet, field by field.
    static func fields(_ names: [String], of path: String) throws -> [[String]] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(program))
        process.arguments = ["-r", path, "-T", "fields"] + names.flatMap { ["-e", $0] }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return text.split(separator: "\n").map { $0.components(separatedBy: "\t") }
    }

    @Test(
        "tshark shows a session's requests, transfers and isochronous packets",
        .enabled(if: program != nil, "tshark is not installed"))
    func opens() throws {
        try CaptureFixture.withFile { path in
            let tap = try CaptureTap.start(
                path: path, device: CaptureFixture.device, software: "test", unixNanosecondsAtZero: 5_000_000_000)
            tap.ended(CaptureFixture.identity, data: Array(0..<64), at: 1_000)
            tap.received([1, 2, 3, 4], at: 2_000)
            tap.received([5], from: 0x82, at: 3_000)
            tap.received([6, 7, 8], from: 0x83, isIsochronous: true, at: 4_000)
            tap.packetsMissed(endpoint: 0x83, count: 2, packetNanoseconds: 125_000, nanoseconds: 5_000)
            tap.ended(CaptureFixture.run(true), error: .stalled(request: 0x21), at: 6_000)
            _ = try tap.finish()
            let rows = try Self.fields(
                [
                    "usb.urb_type", "usb.transfer_type", "usb.endpoint_address", "usb.urb_status", "usb.data_len",
                    "usb.iso.numdesc", "usb.device_address", "usb.capdata", "_ws.malformed",
                ], of: path)
            #expect(rows.count == 8)
            #expect(rows.allSatisfy { $0.last == "" && $0[6] == "7" })
            #expect(rows.map { $0[0] } == ["'S'", "'C'", "'C'", "'C'", "'C'", "'C'", "'S'", "'C'"])
            #expect(rows.map { $0[1] } == ["0x02", "0x02", "0x03", "0x01", "0x00", "0x00", "0x02", "0x02"])
            #expect(rows.map { $0[2] } == ["0x80", "0x80", "0x81", "0x82", "0x83", "0x83", "0x00", "0x00"])
            #expect(rows.map { $0[3] } == ["-115", "0", "0", "0", "0", "0", "-115", "-32"])
            #expect(rows[2][7] == "01020304")
            #expect(rows[4][5].hasPrefix("1"))
            #expect(rows[5][5].hasPrefix("2"))
        }
    }
}
