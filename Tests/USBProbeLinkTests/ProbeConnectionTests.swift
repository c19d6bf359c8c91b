import ProbeLink
import Testing

@testable import USBProbeLink

@Suite("Probe connection")
struct ProbeConnectionTests {
    private static let differences = ["product \"Mouse\""]
    private static let states: [ProbeConnectionState] = [
        .absent, .attached, .mismatched(differences: ["other"]), .notPermitted, .busy, .open, .streaming, .lost,
        .failed,
    ]

    /// For each event, the state after each of `states`, in their order; the letters are those of `letter`.
    private static let table: [(ProbeConnectionEvent, String)] = [
        (.seen, "aaaaaosaa"),
        (.differs(differences), "mmmmmosmm"),
        (.opened, "oooooosoo"),
        (.started, "-aMnbssls"),
        (.stopped, "-aMnboolf"),
        (.closed, "-aMnbaala"),
        (.left, "-----lll-"),
        (.failed(.disconnected(device: "x")), "-----lll-"),
        (.failed(.notFound(wanted: "x")), "-----lll-"),
        (.failed(.mismatch(device: "x", differences: differences)), "mmmmmosmm"),
        (.failed(.accessDenied(device: "x")), "nnnnnffnn"),
        (.failed(.busy(device: "x")), "bbbbbffbb"),
        (.failed(.stalled(request: 1)), "fffffffff"),
        (.failed(.timedOut(what: "x", milliseconds: 1)), "fffffffff"),
        (.failed(.memoryLimit(neededBytes: 2, limitBytes: 1)), "fffffffff"),
        (.failed(.protocolViolation(what: "x")), "fffffffff"),
        (.failed(.faulted(device: "x", faultBits: 1)), "fffffffff"),
        (.failed(.settingNotPossible(setting: "x", wanted: "y", possible: "z")), "fffffffff"),
        (.failed(.usb(code: -1, doing: "x")), "fffffffff"),
    ]

    private static func letter(_ state: ProbeConnectionState) -> Character {
        switch state {
        case .absent: "-"
        case .attached: "a"
        case .mismatched(let list): list == differences ? "m" : "M"
        case .notPermitted: "n"
        case .busy: "b"
        case .open: "o"
        case .streaming: "s"
        case .lost: "l"
        case .failed: "f"
        }
    }

    @Test("every event leads from every state to the one that the table says", arguments: 0..<table.count)
    func transitions(row: Int) {
        let (event, expected) = Self.table[row]
        #expect(String(Self.states.map { Self.letter($0.after(event)) }) == expected, "\(event)")
    }

    @Test("the last error stays until the probe is opened anew")
    func keepsError() {
        var connection = ProbeConnection()
        let unplugged = TransportError.disconnected(device: "probe")
        for event in [ProbeConnectionEvent.seen, .opened, .started, .failed(unplugged)] { connection.note(event) }
        #expect(connection.state == .lost)
        #expect(connection.lastError == unplugged)
        connection.note(.seen)
        #expect(connection.state == .attached)
        #expect(connection.lastError == unplugged)
        connection.note(.opened)
        #expect(connection.lastError == nil)
    }

    @Test("every state has a word of its own")
    func words() { #expect(Set(Self.states.map(\.word)).count == Self.states.count) }

    @Test("an attached device stands to a rule as its descriptors say")
    func ofDevice() {
        #expect(USBMatchTests.device().connection(for: CounterDevice.rule).state == .attached)
        let other = USBMatchTests.device(product: .read("Mouse")).connection(for: CounterDevice.rule)
        #expect(other.state == .mismatched(differences: ["product \"Mouse\" instead of \"ODP ...\""]))
        let closed = USBMatchTests.device(product: .unreadable(reason: "no permission")).connection(
            for: CounterDevice.rule)
        #expect(closed.state == .notPermitted)
        #expect(closed.lastError == .accessDenied(device: "usb 1209:0001 1"))
    }
}
