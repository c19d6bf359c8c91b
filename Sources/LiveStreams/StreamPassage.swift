internal import ProbeLink

/// One run on its way to the outlets: the maker, the clock, and what was counted with the runs before.
struct StreamPassage {
    var maker: StreamMaker
    private let run: StreamRun
    private let totals: StreamCounters
    private var clock: StreamClock?
    /// Of the first frames, the one that came with the least delay: it fixes the offset of the clock.
    private var leastLate: ArrivalNote.Arrival?
    /// So long the first frames of a live probe are watched before anything is stamped, seconds (project choice: some
    /// dozen frames, of which one meets a host that is not busy).
    private static let watchSeconds = 0.5
    private var handedOnSeconds = -1.0
    private var toldSeconds = -1.0
    private var columns: UInt64 = 0
    private var markers: UInt64 = 0

    init(_ run: StreamRun, totals: StreamCounters) {
        self.run = run
        self.totals = totals
        maker = StreamMaker(run.facts.settings, run.facts.look)
    }

    /// What was counted so far, the runs before included.
    var counters: StreamCounters {
        let mine = maker.counters
        var sum = totals
        sum.pulses &+= mine.pulses
        sum.columns &+= columns
        sum.markers &+= markers
        sum.lostInProbe &+= mine.lostInProbe
        sum.lostOnLink &+= mine.lostOnLink
        sum.missedHere &+= mine.missedHere
        sum.unusableFrames &+= mine.unusableFrames
        sum.newestPulse = mine.newestPulse
        sum.driftPpm = clock?.driftPpm
        return sum
    }

    mutating func isDue(nowSeconds: Double, everySeconds: Double) -> Bool {
        guard nowSeconds - handedOnSeconds >= everySeconds || nowSeconds < handedOnSeconds else { return false }
        handedOnSeconds = nowSeconds
        return true
    }

    mutating func isTellingDue(nowSeconds: Double, everySeconds: Double) -> Bool {
        guard nowSeconds - toldSeconds >= everySeconds || nowSeconds < toldSeconds else { return false }
        toldSeconds = nowSeconds
        return true
    }

    mutating func count(_ piece: StreamPiece) {
        switch piece {
        case .columns(let block): columns &+= UInt64(block.columns.count)
        case .marker: markers &+= 1
        case .prepared, .begin, .samples: break
        }
    }

    /// Takes what was made since the last time, with the operator's markers behind it; nothing before the clock is known.
    mutating func take(markers: [(text: String, seconds: Double)]) -> [StreamPiece] {
        var pieces = beginning(isLast: false)
        if let line = clock?.line {
            pieces += maker.take(line)
            pieces += followDrift()
        }
        return pieces + placed(markers)
    }

    /// The operator's markers where they belong.
    private func placed(_ markers: [(text: String, seconds: Double)]) -> [StreamPiece] {
        markers.map { marker in
            let pulse = clock.map { $0.line.pulse(atSeconds: marker.seconds) }
            let place = pulse.flatMap { UInt64(exactly: max(0, $0.rounded())) }
            return .marker(StreamMarker(text: marker.text, seconds: marker.seconds, pulse: place))
        }
    }

    /// Whether stamps can be made.
    var hasClock: Bool { clock != nil }

    /// Ends the run, with the operator's last markers.
    mutating func finish(markers: [(text: String, seconds: Double)]) -> [StreamPiece] {
        var pieces = beginning(isLast: true)
        pieces += placed(markers)
        guard let line = clock?.line else { return pieces }
        let endPulse = run.arrivals.newestArrival?.endPulse ?? 0
        pieces += maker.finish(endPulse: endPulse, line)
        let seconds = line.seconds(atPulse: Double(endPulse))
        pieces.append(.marker(StreamMarker(text: "end of run \(run.facts.run)", seconds: seconds, pulse: endPulse)))
        return pieces
    }

    /// The first pieces of a run, as soon as its clock is known.
    ///
    /// - Parameter isLast: whether the run has ended, so that no more frames can be watched.
    private mutating func beginning(isLast: Bool) -> [StreamPiece] {
        guard clock == nil, let first = run.arrivals.firstArrival, let newest = run.arrivals.newestArrival else {
            return []
        }
        let prfHz = run.facts.settings.prfHz
        func lateness(_ arrival: ArrivalNote.Arrival) -> Double {
            (Double(arrival.nanoseconds) - Double(first.nanoseconds)) / 1e9 - Double(arrival.endPulse) / prfHz
        }
        let best = [leastLate ?? first, newest].min { lateness($0) < lateness($1) } ?? first
        leastLate = best
        let watched = (Double(newest.nanoseconds) - Double(first.nanoseconds)) / 1e9
        guard isLast || run.pace != .byTheProbe || watched >= Self.watchSeconds else { return [] }
        // A file's first block comes at once: its last frame fixes the offset, so that nothing is stamped before it came.
        let start = (run.pace.factor ?? 1) == 1 ? best : first
        let made = StreamClock(
            prfHz: prfHz, endPulse: start.endPulse, arrivalNanoseconds: start.nanoseconds,
            follows: run.pace == .byTheProbe)
        clock = made
        let facts = run.facts
        let place = "pulse 0 at \(made.line.seconds) s monotonic"
        let settings = "PRF \(facts.settings.prfHz) Hz, \(facts.settings.gates) gates"
        let text = "run \(facts.run): \(facts.nature), \(settings), \(place)"
        return [.begin(facts, made.line), .marker(StreamMarker(text: text, seconds: made.line.seconds, pulse: 0))]
    }

    /// Follows the probe's clock, and says so when its drift was measured for the first time.
    private mutating func followDrift() -> [StreamPiece] {
        guard let newest = run.arrivals.newestArrival else { return [] }
        let isFirst = clock?.driftPpm == nil
        let isBent = clock?.observe(endPulse: newest.endPulse, arrivalNanoseconds: newest.nanoseconds) ?? false
        guard isBent, isFirst, let clock, let ppm = clock.driftPpm else { return [] }
        let rounded = (ppm * 100).rounded() / 100
        let seconds = clock.line.seconds(atPulse: Double(newest.endPulse))
        let text = "clock: the probe's is \(rounded) ppm fast; followed as a line from pulse \(newest.endPulse) on"
        return [.marker(StreamMarker(text: text, seconds: seconds, pulse: newest.endPulse))]
    }
}
