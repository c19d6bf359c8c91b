import TestSupport
import Testing

@testable import ProbeSimulator

@Suite("USB/IP transfers")
struct USBIPTransfersTests {
    private var transfers = USBIPTransfers()

    /// Does commands and gives the replies that are there then.
    private mutating func replies(
        _ commands: [USBIPCommand], from device: inout any SimulatedDevice
    ) throws -> [UInt8] {
        for command in commands { try transfers.receive(command, for: &device) }
        transfers.serve(&device)
        return transfers.takeReplies()
    }

    private func scripted(_ endpoint: UInt8, _ reads: [StreamRead]) -> any SimulatedDevice {
        ScriptedDevice(reads: [endpoint: reads])
    }

    private static let zeros20 = String(repeating: "00", count: 20)

    @Test("a control request is answered at once, byte for byte as documented")
    mutating func control() throws {
        var device: any SimulatedDevice = ScriptedDevice()
        let setup = USBSetup(requestType: 0xC0, request: 1, length: 8)
        let submission = USBIPSubmission(sequence: 7, endpoint: 0x80, length: 8, setup: setup)
        #expect(
            try replies([.submit(submission)], from: &device)
                == hex(
                    "00000003 00000007 00000000 00000000 00000000 00000000 00000008" + Self.zeros20
                        + "0102030405060708"))
    }

    @Test("a control request that the device refuses is a stall, one without data an acknowledgement")
    mutating func controlOut() throws {
        var device: any SimulatedDevice = ScriptedDevice()
        let refused = USBIPSubmission(
            sequence: 1, endpoint: 0, length: 0, setup: USBSetup(requestType: 0x40, request: 9))
        let done = USBIPSubmission(
            sequence: 2, endpoint: 0, length: 2, setup: USBSetup(requestType: 0x40, request: 2, length: 2), out: [1, 2])
        #expect(
            try replies([.submit(refused), .submit(done)], from: &device)
                == hex("00000003 00000001 00000000 00000000 00000000 ffffffe0 00000000" + Self.zeros20)
                + hex("00000003 00000002 00000000 00000000 00000000 00000000 00000002" + Self.zeros20))
    }

    @Test("a bulk transfer gathers packets until the device ends it, and waits meanwhile")
    mutating func bulk() throws {
        var device = scripted(
            0x81, [.bytes([1, 2], endsTransfer: false), .nothingYet, .bytes([3], endsTransfer: true)])
        let submission = USBIPSubmission(sequence: 3, endpoint: 0x81, length: 512)
        #expect(try replies([.submit(submission)], from: &device).isEmpty)
        #expect(
            try replies([], from: &device)
                == hex(
                    "00000003 00000003 00000000 00000000 00000000 00000000 00000003" + Self.zeros20 + "010203"))
        #expect(transfers.count == 0)
    }

    @Test("a bulk transfer ends when its buffer is full, and one transfer of no bytes is answered too")
    mutating func full() throws {
        var device = scripted(
            0x81, [.bytes([1, 2], endsTransfer: false), .bytes([], endsTransfer: true)])
        let answer = try replies(
            [
                .submit(USBIPSubmission(sequence: 1, endpoint: 0x81, length: 2)),
                .submit(USBIPSubmission(sequence: 2, endpoint: 0x81, length: 2)),
            ], from: &device)
        #expect(answer.count == 48 + 2 + 48)
        #expect(answer[50...].bigEndian(at: 24, as: UInt32.self) == 0)
    }

    @Test("a stall, too many bytes, and a short packet where none may be have the kernel's numbers")
    mutating func problems() throws {
        let cases: [(StreamRead, UInt32, Int32, UInt32)] = [
            (.stalled, 0, -32, 0), (.bytes([1, 2, 3], endsTransfer: true), 0, -75, 2),
            (.bytes([1], endsTransfer: true), USBIPSubmission.shortIsError, -121, 1),
            (.bytes([1], endsTransfer: true), 0, 0, 1),
        ]
        for (read, flags, status, bytes) in cases {
            var device = scripted(0x82, [read])
            let answer = try replies(
                [.submit(USBIPSubmission(sequence: 1, endpoint: 0x82, flags: flags, length: 2))], from: &device)
            #expect(answer[...].bigEndian(at: 20, as: Int32.self) == status)
            #expect(answer[...].bigEndian(at: 24, as: UInt32.self) == bytes)
            #expect(answer.count == 48 + Int(bytes))
        }
    }

    @Test("bytes that are sent reach the device, and one that does not take them stalls")
    mutating func bulkOut() throws {
        for takes in [true, false] {
            var device: any SimulatedDevice = ScriptedDevice(takesWrites: takes)
            let answer = try replies(
                [.submit(USBIPSubmission(sequence: 1, endpoint: 2, length: 3, out: [7, 8, 9]))], from: &device)
            #expect(answer[...].bigEndian(at: 20, as: Int32.self) == (takes ? 0 : -32))
            #expect(answer[...].bigEndian(at: 24, as: UInt32.self) == (takes ? 3 : 0))
            #expect((device as? ScriptedDevice)?.written == [[7, 8, 9]])
        }
    }

    @Test("isochronous packets come back packed, each with its length and status")
    mutating func isochronous() throws {
        var device = scripted(
            0x83, [.bytes([1, 2], endsTransfer: true), .bytes([], endsTransfer: true), .nothingYet])
        let packets = (0..<3).map { USBIPSubmission.Packet(offset: $0 * 4, length: 4) }
        let submission = USBIPSubmission(sequence: 5, endpoint: 0x83, length: 12, packets: packets)
        #expect(try replies([.submit(submission)], from: &device).isEmpty)
        device.advance(byNanoseconds: 3_000_000)
        var scripted = try #require(device as? ScriptedDevice)
        scripted.reads[0x83] = [.bytes([3, 4, 5, 6, 7], endsTransfer: true)]
        device = scripted
        let expected = """
            00000003 00000005 00000000 00000000 00000000 00000000 00000006 00000003 00000003 00000001 00000000 00000000
            0102 03040506
            00000000 00000004 00000002 00000000
            00000004 00000004 00000000 00000000
            00000008 00000004 00000004 ffffffb5
            """
        #expect(try replies([], from: &device) == hex(expected))
    }

    @Test("a transfer that is taken back in time has one reply, that of the unlinking, and its bytes are lost")
    mutating func unlinked() throws {
        var device = scripted(0x81, [.bytes([1], endsTransfer: false), .nothingYet, .bytes([2], endsTransfer: true)])
        let first = USBIPSubmission(sequence: 1, endpoint: 0x81, length: 512)
        let second = USBIPSubmission(sequence: 2, endpoint: 0x81, length: 512)
        #expect(try replies([.submit(first), .submit(second)], from: &device).isEmpty)
        let answer = try replies([.unlink(sequence: 3, victim: 1)], from: &device)
        #expect(
            answer
                == hex("00000004 00000003 00000000 00000000 00000000 ffffff98" + Self.zeros20 + "00000000")
                + hex("00000003 00000002 00000000 00000000 00000000 00000000 00000001" + Self.zeros20 + "02"))
    }

    @Test("a transfer that was answered already cannot be taken back")
    mutating func tooLate() throws {
        var device = scripted(0x81, [.bytes([1], endsTransfer: true)])
        let answer = try replies([.submit(USBIPSubmission(sequence: 1, endpoint: 0x81, length: 2))], from: &device)
        #expect(answer.count == 49)
        #expect(
            try replies([.unlink(sequence: 2, victim: 1)], from: &device)
                == hex("00000004 00000002 00000000 00000000 00000000 00000000" + Self.zeros20 + "00000000"))
    }

    @Test("every transfer is answered exactly once, however unlinkings fall", arguments: 0..<100)
    mutating func once(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var device: any SimulatedDevice = ScriptedDevice()
        var answered: [UInt32: Int] = [:]
        let count: UInt32 = 60
        for sequence in 1...count {
            if Bool.random(using: &generator) {
                device = scripted(0x81, [.bytes([9], endsTransfer: true), .bytes([8], endsTransfer: true)])
            }
            var commands = [USBIPCommand.submit(USBIPSubmission(sequence: sequence, endpoint: 0x81, length: 1))]
            let victim = UInt32.random(in: 1...sequence, using: &generator)
            commands.append(.unlink(sequence: 1000 + sequence, victim: victim))
            var rest = try replies(commands, from: &device)[...]
            while !rest.isEmpty {
                let isUnlink = rest.bigEndian(at: 0, as: UInt32.self) == 4
                let status: Int32 = rest.bigEndian(at: 20)
                let number: UInt32 = rest.bigEndian(at: 4)
                if isUnlink, status != 0 { answered[victim, default: 0] += 1 }
                if !isUnlink { answered[number, default: 0] += 1 }
                rest = rest.dropFirst(48 + (isUnlink ? 0 : Int(rest.bigEndian(at: 24, as: UInt32.self))))
            }
        }
        #expect(answered.values.allSatisfy { $0 == 1 })
        #expect(answered.count + transfers.count == Int(count))
    }

    @Test("a host that submits without end is refused")
    mutating func tooMany() throws {
        var device: any SimulatedDevice = ScriptedDevice()
        for sequence in 0..<UInt32(USBIPTransfers.mostTransfers) {
            try transfers.receive(
                .submit(USBIPSubmission(sequence: sequence, endpoint: 0x81, length: 1)), for: &device)
        }
        #expect(throws: USBIPError.tooManyTransfers(USBIPTransfers.mostTransfers)) {
            try transfers.receive(.submit(USBIPSubmission(sequence: 9999, endpoint: 0x81, length: 1)), for: &device)
        }
    }
}
