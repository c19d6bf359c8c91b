internal import ExamSession
internal import LocalServer

extension ConsoleDesk {
    private struct DeviceDocument: Encodable {
        struct Profile: Encodable {
            var id: String
            var title: String?
            var maker: String?
        }

        struct Quality: Encodable {
            var line: String
            var isWarning: Bool
            var date: String?
        }

        struct Counter: Encodable {
            var name: String
            /// How many; `nil` where the probe does not say.
            var value: UInt64?
        }

        var probe: String
        var serial: String?
        var firmware: String?
        var profile: Profile?
        var transport: String
        var counters: [Counter]
        var losses: ExamState.Losses
        var quality: Quality
        var findings: [DeviceFinding]
        var acousticOutput: String
        var plugged: String
    }

    /// `GET /api/device`.
    func device() async throws(DeskRefusal) -> WebAnswer {
        let clinic = means.clinic
        let (facts, quality, findings) = try await onDeskThread { () throws(DeskRefusal) in
            (clinic.device(), clinic.quality(), try clinic.findings())
        }
        let exam = room.state
        let losses = exam?.losses ?? ExamState.Losses()
        return try .json(
            DeviceDocument(
                probe: facts.probe, serial: facts.serial, firmware: facts.firmware,
                profile: facts.profileID.map {
                    .init(id: $0, title: facts.profileTitle, maker: facts.profileMaker)
                },
                transport: facts.transport,
                counters: [
                    .init(name: "pulses lost in the probe", value: losses.probe),
                    .init(name: "pulses lost on the link", value: losses.link),
                    .init(name: "pulses lost at the ring", value: losses.ring),
                    .init(name: "pulses missed by the screen", value: losses.screen),
                ],
                losses: losses,
                quality: .init(line: quality.line, isWarning: quality.isWarning, date: facts.qualityDate),
                findings: findings,
                acousticOutput: Self.words(exam?.acoustic, isSimulated: facts.plugged == .simulated),
                plugged: facts.plugged.rawValue))
    }

    /// MI and TI are what the probe declares, never computed.
    private static func words(_ acoustic: ExamState.Acoustic?, isSimulated: Bool) -> String {
        if isSimulated { return "none (simulated)" }
        func declared(_ name: String, _ value: Double?) -> String {
            value.map { "\(name) at most \($0) (declared)" } ?? "\(name) not declared"
        }
        return declared("MI", acoustic?.mechanicalIndex) + ", " + declared("TI", acoustic?.thermalIndex)
    }
}
