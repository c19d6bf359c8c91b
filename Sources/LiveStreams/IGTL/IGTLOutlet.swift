internal import DopplerDSP
public import OpenIGTLink
internal import ProbeLink
internal import Synchronization

/// Streams to the clients of an OpenIGTLink server, under these device names: `DopplerIQ` (NDARRAY), `DopplerEnvelope`
/// (SENSOR, one for each column), `DopplerSpectrum` (IMAGE), `Markers` (STRING), `DopplerStatus` (STATUS).
///
/// Stamps are those of the Lab Streaming Layer's streams, moved to UTC by one offset that is fixed at the start.
public final class IGTLOutlet: StreamOutlet {
    /// Pictures of the rolling spectrum a second (project choice: as fast as a viewer draws it without effort).
    private static let secondsOfPicture = 0.2

    private struct State: Sendable {
        var facts: StreamRunFacts?
        var spectrum: RollingSpectrum?
        var picturedSeconds = -1.0
        var unpublished: UInt64 = 0
    }

    private let server: IGTLServer
    private let time: StreamTime
    private let state = Mutex(State())

    /// An outlet of a running server.
    public init(_ server: IGTLServer, time: StreamTime) {
        self.server = server
        self.time = time
    }

    /// Messages that did not fit the protocol and went to nobody.
    public var unpublished: UInt64 { state.withLock { $0.unpublished } }

    /// Takes a piece.
    public func publish(_ piece: StreamPiece) {
        state.withLock { state in
            switch piece {
            case .prepared: break
            case .begin(let facts, let line): begin(facts, line, &state)
            case .samples(let block): send(block, &state)
            case .columns(let block):
                send(block, &state)
                draw(block, &state)
            case .marker(let marker): send(marker, &state)
            }
        }
    }

    /// Tells clients how the source stands.
    public func tell(_ counters: StreamCounters) {
        state.withLock { state in
            let lost = counters.lostInProbe &+ counters.lostOnLink &+ counters.missedHere
            let source = state.facts.map { "\($0.nature) \($0.origin.specifier)" } ?? "no source yet"
            let words =
                "\(source); \(counters.pulses) pulses streamed; lost in the probe \(counters.lostInProbe), on the way "
                + "\(counters.lostOnLink), missed by the stream \(counters.missedHere)"
            let status = IGTLStatus(
                .ok, subcode: Int64(clamping: lost), name: lost == 0 ? "RUNNING" : "RUNNING WITH LOSSES", words)
            publish("DopplerStatus", at: time.nowSeconds, .status(status), [], &state)
        }
    }

    // MARK: Messages

    private func begin(_ facts: StreamRunFacts, _ line: ClockLine, _ state: inout State) {
        state.facts = facts
        state.spectrum = RollingSpectrum(facts)
        let angle = facts.look.scale.map { "\($0.insonationAngleDegrees) degrees" } ?? "not known"
        let words =
            "stream: \(facts.nature); unit of DopplerEnvelope \(facts.look.unit.rawValue) (maximum towards, maximum away, "
            + "mean); angle \(angle); PRF \(facts.settings.prfHz) Hz; clock: \(facts.clockWords); pulse 0 at UTC "
            + "\(line.seconds + facts.utcOffsetSeconds); UTC is the monotonic clock and \(facts.utcOffsetSeconds) s"
        publish("Markers", at: line.seconds, .string(words), metadata(facts, pulse: 0), &state)
    }

    private func send(_ block: SampleBlock, _ state: inout State) {
        guard let facts = state.facts else { return }
        let count = 2 * block.gates * block.pulses
        let values: IGTLArray.Values = block.bytes.withUnsafeBytes { bytes in
            switch block.format {
            case .int16:
                .int16(
                    (0..<count).map {
                        Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self))
                    })
            case .int32:
                .int32(
                    (0..<count).map {
                        Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self))
                    })
            }
        }
        let array = IGTLArray(shape: [block.pulses, block.gates, 2], values)
        publish(
            "DopplerIQ", at: block.line.seconds(atPulse: Double(block.firstPulse)), .array(array),
            metadata(facts, pulse: block.firstPulse), &state)
    }

    private func send(_ block: ColumnBlock, _ state: inout State) {
        guard let facts = state.facts else { return }
        let unit: IGTLUnit = facts.look.unit == .cmPerS ? .centimetrePerSecond : .hertz
        for column in block.columns {
            let values = [column.maximumTowards, column.maximumAway, column.mean]
            publish(
                "DopplerEnvelope", at: block.line.seconds(atPulse: column.middlePulse),
                .sensor(IGTLSensor(values, unit: unit)),
                metadata(facts, pulse: column.firstPulse) + [
                    IGTLMetadata("flags", "\(column.flags)"), IGTLMetadata("unit", facts.look.unit.rawValue),
                ], &state)
        }
    }

    private func send(_ marker: StreamMarker, _ state: inout State) {
        let place = marker.pulse.map { [IGTLMetadata("pulse", "\($0)")] } ?? []
        publish("Markers", at: marker.seconds, .string(marker.text), place, &state)
    }

    private func draw(_ block: ColumnBlock, _ state: inout State) {
        guard let facts = state.facts else { return }
        state.spectrum?.add(block)
        let now = time.nowSeconds
        guard now - state.picturedSeconds >= Self.secondsOfPicture || now < state.picturedSeconds,
            let picture = state.spectrum?.picture, let last = block.columns.last
        else { return }
        state.picturedSeconds = now
        publish(
            "DopplerSpectrum", at: block.line.seconds(atPulse: last.middlePulse), .image(picture),
            metadata(facts, pulse: last.firstPulse) + [
                IGTLMetadata("columnUnit", "s"), IGTLMetadata("rowUnit", facts.look.unit.rawValue),
                IGTLMetadata("grey", "dB over one squared count, from -10 on in steps of 0.5"),
            ], &state)
    }

    private func metadata(_ facts: StreamRunFacts, pulse: UInt64) -> [IGTLMetadata] {
        [
            IGTLMetadata("nature", facts.nature), IGTLMetadata("run", "\(facts.run)"),
            IGTLMetadata("firstPulse", "\(pulse)"), IGTLMetadata("prfHz", "\(facts.settings.prfHz)"),
        ]
    }

    private func publish(
        _ name: String, at seconds: Double, _ content: IGTLContent, _ metadata: [IGTLMetadata], _ state: inout State
    ) {
        let utcNanoseconds = ((seconds + time.utcOffsetSeconds) * 1e9).rounded()
        let stamp = IGTLTime(nanosecondsSince1970: UInt64(exactly: max(0, utcNanoseconds)) ?? 0)
        do throws(IGTLError) {
            try server.publish(IGTLMessage(name, at: stamp, content, metadata: metadata))
        } catch {
            state.unpublished &+= 1
        }
    }
}
