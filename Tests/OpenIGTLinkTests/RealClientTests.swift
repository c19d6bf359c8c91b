import Foundation
import OpenIGTLink
import TestSupport
import Testing

/// Clients that others wrote read what is sent, and ask and command in their own way.
@Suite("OpenIGTLink with real clients", .serialized)
struct RealClientTests {
    private static let folder = Peer.root + "/Tests/OpenIGTLinkTests/Clients/"
    private static let header = "/usr/include/openigtlink/igtlSensorMessage.h"
    private static let compiler = "/usr/bin/g++"

    private static var hasPyigtl: Bool {
        let list = FileManager.default.contents(atPath: Peer.root + "/Tests/Peers/.venv/made-of.txt")
        return String(decoding: list ?? Data(), as: UTF8.self).contains("pyigtl")
    }

    private static var hasLibrary: Bool {
        [header, compiler].allSatisfy { FileManager.default.fileExists(atPath: $0) }
    }

    /// 1.5 s after the epoch.
    private let time = IGTLTime(nanosecondsSince1970: 1_500_000_000)

    private var published: [IGTLMessage] {
        let spectrum = IGTLImage(
            columns: 2, rows: 3, pixels: .float32([0, 1, -1, 0.5, 100, 1e-3]), columnSpacing: 0.25, rowSpacing: 2,
            firstColumn: 8, firstRow: -2)
        let picture = IGTLImage(columns: 3, rows: 1, pixels: .uint8([0, 7, 255]), columnSpacing: 0.5, rowSpacing: 0.5)
        return [
            IGTLMessage("Spectrum", at: time, .image(spectrum)), IGTLMessage("Picture", at: time, .image(picture)),
            IGTLMessage("Marker", at: time, .string("breath in")),
            IGTLMessage("Health", at: time, .status(IGTLStatus(.ok, subcode: -7, name: "SIM", "simulated patient"))),
            IGTLMessage("Velocity", at: time, .sensor(IGTLSensor([12.5, -3], unit: .centimetrePerSecond))),
            IGTLMessage("IQ", at: time, .array(IGTLArray(shape: [2, 2], .int16([1, -1, 256, -32768])))),
        ]
    }

    /// A program whose output is read line by line.
    private final class Program {
        private let process = Process()
        private let output = Pipe()

        init(_ path: String, _ arguments: [String]) throws {
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = arguments
            process.standardOutput = output
            try process.run()
        }

        func line() -> String? {
            var line: [UInt8] = []
            while let byte = output.fileHandleForReading.readData(ofLength: 1).first {
                if byte == 0x0A { return String(decoding: line, as: UTF8.self) }
                line.append(byte)
            }
            return nil
        }

        func wait() -> Int32 {
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    @Test(
        "pyigtl reads everything, commands by STRING and by COMMAND, and gets metadata in version 2",
        .enabled(if: hasPyigtl, "skipped: no pyigtl in Tests/Peers/.venv; run .ci/peers"))
    func pyigtl() throws {
        let server = try makeServer()
        let client = try Program(Peer.python, [Self.folder + "pyigtl_client.py", "\(server.port)"])
        #expect(eventually { server.counts.accepted == 1 })
        for message in published { try server.publish(message) }
        #expect(client.line() == "ready")
        try server.publish(IGTLMessage("Later", .string("ü→"), metadata: [IGTLMetadata("unit", "cm/s")]))
        let text = client.line() ?? "{}"
        let found = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        let content = { (device: String) -> String in
            let message = found[device] as? [String: Any] ?? [:]
            let parts = try JSONSerialization.data(
                withJSONObject: [message["version"], message["time"], message["content"], message["metadata"]],
                options: .sortedKeys)
            return String(decoding: parts, as: UTF8.self)
        }
        #expect(
            try content("Spectrum")
                == "[1,1.5,[\"float32\",[[[0,1],[-1,0.5],[100,\(Double(Float(1e-3)))]]],"
                + "[[0.25,0,0,8],[0,2,0,-2],[0,0,1,0],[0,0,0,1]]],{}]")
        #expect(
            try content("Picture")
                == "[1,1.5,[\"uint8\",[[[0,7,255]]],[[0.5,0,0,0],[0,0.5,0,0],[0,0,1,0],[0,0,0,1]]],{}]")
        #expect(try content("Marker") == "[1,1.5,\"breath in\",{}]")
        #expect(try content("Health") == "[1,1.5,[1,-7,\"SIM\",\"simulated patient\"],{}]")
        #expect(try content("Velocity") == "[1,1.5,[\(UInt64(0xA044_3F00_0000_0000)),[12.5,-3]],{}]")
        #expect(try content("IQ") == "[1,1.5,[4,[[1,-1],[256,-32768]]],{}]")
        #expect(try content("ACK_1").contains("Name=\\\"gateDepthMm\\\" Value=\\\"45\\\""))
        #expect(
            try content("asker").contains("[2,0,[77,\"SetParameter\",\"<CommandReply Name=\\\"SetParameter\\\" Status=")
        )
        #expect(try content("Later") == "[2,0,\"ü→\",{\"lost\":\"0\",\"unit\":\"cm\\/s\"}]")
        #expect(found["wrong checksums"] as? [String] == [])
        #expect(client.wait() == 0)
        #expect(server.counts.commands == 2 && server.counts.areWhole)
    }

    @Test(
        "libopenigtlink reads everything with its checksums, asks with GET and commands by STRING",
        .enabled(if: hasLibrary, "skipped: no libopenigtlink; install the Debian packages libopenigtlink-dev and g++"))
    func libopenigtlink() throws {
        let judge = NSTemporaryDirectory() + "igtl-judge-" + UUID().uuidString
        defer { unlink(judge) }
        let build = try Program(
            Self.compiler,
            [
                "-std=c++17", "-w", "-I/usr/include/openigtlink", "-o", judge, Self.folder + "igtl_judge.cxx",
                "-lOpenIGTLink", "-lpthread",
            ])
        #expect(build.wait() == 0)
        let server = try makeServer()
        let array = IGTLArray(shape: [1, 3], .int32([70_000, -1, 0]))
        let floats = IGTLArray(shape: [2], .float32([0.25, -1e9]))
        let all = published + [IGTLMessage("A", .array(array)), IGTLMessage("F", .array(floats))]
        let client = try Program(judge, ["\(server.port)", "\(all.count)"])
        #expect(client.line() == "connected")
        #expect(eventually { server.counts.accepted == 1 })
        for message in all { try server.publish(message) }
        let time = "1.80000000"
        for expected in [
            "IMAGE Spectrum \(time) 2x3x1 spacing 0.25 2 middle 8.125 0: 0 1 -1 0.5 100 0.001",
            "IMAGE Picture \(time) 3x1x1 spacing 0.5 0.5 middle 0.5 0: 0 7 255", "STRING Marker \(time) 3 breath in",
            "STATUS Health \(time) 1 -7 SIM: simulated patient",
            "SENSOR Velocity \(time) unit 10 1^1 3^-1 0^0: 12.5 -3",
            "NDARRAY IQ \(time) kind 4 shape 2 2: 1 -1 256 -32768", "NDARRAY A 0.00000000 kind 6 shape 1 3: 70000 -1 0",
            "NDARRAY F 0.00000000 kind 10 shape 2: 0.25 -1e+09", "STATUS Health \(time) 1 -7 SIM: simulated patient",
        ] { #expect(client.line() == expected) }
        #expect(client.line()?.hasPrefix("CAPABILITY DopplerBridge 0.00000000 CAPABILITY COMMAND GET_CAPABIL") == true)
        #expect(
            client.line()
                == "STRING ACK_3 0.00000000 3 <CommandReply Name=\"SetParameter\" Status=\"FAIL\" "
                + "Message=\"gateDepthMm cannot be set: the source has one gate\"/>")
        #expect(client.wait() == 0)
        #expect(server.counts.areWhole)
    }
}
