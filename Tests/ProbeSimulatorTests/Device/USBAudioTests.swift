import Foundation
import ProbeSimulator
import Testing

@Suite("The simulated sound interface")
struct USBAudioTests {
    private func streaming(
        _ source: any SignalSource = CountingSource(), alternate: UInt16 = 1, rate: [UInt8] = [0x80, 0xBB, 0],
        _ adjust: (inout SimulatedUSBAudio.Options) -> Void = { _ in }
    ) -> DeviceHost {
        var options = SimulatedUSBAudio.Options()
        options.channels = .iq
        adjust(&options)
        let host = DeviceHost(SimulatedUSBAudio(serialNumber: "A1", source: source, options: options))
        host.configure(interface: 1, alternate: alternate)
        #expect(host.send(0x22, 1, value: 0x0100, index: 0x84, data: rate) == .acknowledge)
        return host
    }

    private func left(_ packets: [[UInt8]]) -> [Int16] { channel(packets, 0) }
    private func right(_ packets: [[UInt8]]) -> [Int16] { channel(packets, 2) }
    private func channel(_ packets: [[UInt8]], _ offset: Int) -> [Int16] {
        let bytes = packets.flatMap { $0 }
        return stride(from: 0, to: bytes.count, by: 4).map {
            Int16(bitPattern: UInt16(bytes[$0 + offset]) | UInt16(bytes[$0 + offset + 1]) << 8)
        }
    }

    @Test("48 kHz gives 48 frames each millisecond, 44.1 kHz 44 or 45")
    func packetSizes() {
        let fast = streaming()
        fast.pass(milliseconds: 50)
        #expect(fast.packets().map(\.count) == Array(repeating: 192, count: 50))
        let slow = streaming(rate: [0x44, 0xAC, 0])
        slow.pass(milliseconds: 200)
        let sizes = slow.packets().map { $0.count / 4 }
        #expect(Set(sizes) == [44, 45])
        #expect(sizes.reduce(0, +) == 8820)
    }

    @Test("samples follow each other in 16 and in 24 bits")
    func widths() {
        let narrow = streaming()
        narrow.pass(milliseconds: 3)
        let packets = narrow.packets()
        #expect(left(packets) == (0..<144).map { Int16($0) })
        #expect(right(packets) == Array(repeating: 1, count: 144))
        let wide = streaming(alternate: 2)
        wide.pass(milliseconds: 1)
        #expect(Array(wide.packets()[0][6..<18]) == [0, 1, 0, 0, 1, 0, 0, 2, 0, 0, 1, 0])
    }

    @Test("a clock that is off shows in the number of frames", arguments: [-300.0, 0, 500])
    func drift(ppm: Double) {
        let host = streaming { $0.clockOffsetPpm = ppm }
        var frames = 0
        for _ in 0..<20 {
            host.pass(milliseconds: 100)
            frames += host.packets().reduce(0) { $0 + $1.count / 4 }
        }
        #expect(abs(Double(frames) - 96_000 * (1 + ppm / 1_000_000)) < 1)
    }

    @Test("flow towards is left, away right, at least 40 dB apart", arguments: [60.0, 300, 2000, -60, -300, -2000])
    func directions(hz: Double) {
        let host = streaming(ToneSource(frequencyHz: hz, amplitude: 10_000, noiseAmplitude: 0, seed: 1)) {
            $0.channels = .forwardReverse
        }
        host.pass(milliseconds: 200)
        _ = host.packets()
        host.pass(milliseconds: 200)
        let packets = host.packets()
        let powers = [left(packets), right(packets)].map { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }
        let (wanted, other) = hz > 0 ? (powers[0], powers[1]) : (powers[1], powers[0])
        #expect(wanted > 10_000 * other)
        let rms = (wanted / Double(left(packets).count)).squareRoot()
        #expect(abs(rms - 10_000 / 2.0.squareRoot()) < 150)
    }

    @Test("the channels can change places, or both carry the same")
    func channels() {
        let swapped = streaming { $0.channels = .qi }
        swapped.pass(milliseconds: 1)
        let packets = swapped.packets()
        #expect(left(packets) == Array(repeating: 1, count: 48))
        #expect(right(packets) == (0..<48).map { Int16($0) })
        let mono = streaming { $0.channels = .mono }
        mono.pass(milliseconds: 1)
        let both = mono.packets()
        #expect(left(both) == right(both) && left(both) == (0..<48).map { Int16($0) })
    }

    @Test("gain and phase of the right channel are off as told")
    func imbalance() {
        let host = streaming(ToneSource(frequencyHz: 1000, amplitude: 10_000, noiseAmplitude: 0, seed: 1)) {
            $0.rightGain = 1.5
            $0.rightPhaseDegrees = 30
        }
        host.pass(milliseconds: 1)
        let packet = host.packets()
        for (index, value) in right(packet).enumerated() {
            let angle = 2 * Double.pi * Double(index) / 48 + Double.pi / 6
            #expect(abs(Double(value) - 15_000 * sin(angle)) < 2)
        }
    }

    @Test("frequency, mute and volume are set and given back")
    func controls() {
        let host = streaming()
        #expect(host.ask(0xA2, 0x81, value: 0x0100, index: 0x84) == [0x80, 0xBB, 0])
        #expect(host.send(0x22, 1, value: 0x0100, index: 0x84, data: [0, 1, 0]) == .stall)
        #expect(host.ask(0xA1, 0x82, value: 0x0201, index: 0x0200) == [0, 0xD0])
        #expect(host.send(0x21, 1, value: 0x0100, index: 0x0200, data: [1]) == .acknowledge)
        #expect(host.ask(0xA1, 0x81, value: 0x0100, index: 0x0200) == [1])
        host.pass(milliseconds: 1)
        #expect(host.packets().allSatisfy { $0.allSatisfy { $0 == 0 } })
        #expect(host.ask(0xA1, 0x81, value: 0x0100, index: 0x0300) == nil)
        _ = host.send(0x01, 11, value: 0, index: 1)
        #expect(host.ask(0xA2, 0x81, value: 0x0100, index: 0x84) == nil)
    }

    @Test("each selection begins with the first sample, and setting 0 sends nothing")
    func selection() {
        let host = streaming()
        host.pass(milliseconds: 10)
        _ = host.send(0x01, 11, value: 0, index: 1)
        host.pass(milliseconds: 10)
        #expect(!host.device.isStreaming)
        _ = host.send(0x01, 11, value: 1, index: 1)
        host.pass(milliseconds: 1)
        #expect(left(host.packets()).prefix(3) == [0, 1, 2])
    }
}
