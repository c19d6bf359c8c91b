import ProbeLink

/// Injects faults of every kind and compares the host's marks with the list of what was injected, one by one.
struct FaultTrial {
    struct Outcome: Codable {
        var injected: [String: Int] = [:]
        /// How many of each kind the host counted.
        var counted: [String: Int] = [:]
        /// Marks that are not at the place of a fault, and faults without their mark.
        var misplaced = 0
        var isExact = false
    }

    static func run(faults count: Int, seed: UInt64) throws -> Outcome {
        let (plan, last) = plan(count: count, seed: seed)
        let device = PatternDevice(.init(faults: plan))
        let rig = try ReportRig(device)
        return try withExtendedLifetime(rig) {
            let probe = try ReportProbe.open()
            _ = try probe.prepare(ReportProbe.settings(gates: 1, prfHz: 20_000))
            let stop = StopSignal()
            var sink = CheckingSink()
            sink.stop = stop
            let pulsesPerPacket = UInt64(device.pulsesPerPacket)
            sink.wantedPulses = UInt64(last + 8) * pulsesPerPacket
            let counters = try probe.run(into: &sink, until: stop)
            return judge(plan, sink, counters, pulsesPerPacket: pulsesPerPacket)
        }
    }

    /// Faults of every kind in equal numbers, 3 to 18 packets apart, in an order by the seed.
    private static func plan(count: Int, seed: UInt64) -> ([UInt32: InjectedFault], UInt32) {
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let kinds = InjectedFault.allCases
        var order = (0..<count).map { kinds[$0 % kinds.count] }
        for index in order.indices.reversed() where index > 0 { order.swapAt(index, next(index + 1)) }
        var plan: [UInt32: InjectedFault] = [:]
        var sequence: UInt32 = 4
        for kind in order {
            plan[sequence] = kind
            sequence += UInt32(3 + next(16))
        }
        return (plan, sequence)
    }

    private static func judge(
        _ plan: [UInt32: InjectedFault], _ sink: CheckingSink, _ counters: LinkCounters, pulsesPerPacket: UInt64
    ) -> Outcome {
        var outcome = Outcome()
        for kind in plan.values { outcome.injected[kind.rawValue, default: 0] += 1 }
        let expected = plan.filter { [.lost, .damaged, .short].contains($0.value) }.map { sequence, _ in
            StreamLoss(
                kind: .iq, place: .link, firstPulse: UInt64(sequence) * pulsesPerPacket, pulses: pulsesPerPacket,
                packets: 1)
        }
        outcome.misplaced = Set(expected).symmetricDifference(sink.losses).count
        let marked = Set(sink.losses)
        for (sequence, kind) in plan where [.lost, .damaged, .short].contains(kind) {
            let mark = StreamLoss(
                kind: .iq, place: .link, firstPulse: UInt64(sequence) * pulsesPerPacket, pulses: pulsesPerPacket,
                packets: 1)
            if marked.contains(mark) { outcome.counted[kind.rawValue, default: 0] += 1 }
        }
        outcome.counted[InjectedFault.doubled.rawValue] = Int(counters.repeated)
        outcome.counted[InjectedFault.stall.rawValue] = Int(counters.failedTransfers)
        let bad = (outcome.injected["damaged"] ?? 0) + (outcome.injected["short"] ?? 0)
        outcome.isExact =
            outcome.counted == outcome.injected && outcome.misplaced == 0 && sink.losses.count == expected.count
            && Int(counters.bad) == bad && Int(counters.lostPackets) == expected.count && sink.unexplainedPulses == 0
        return outcome
    }
}
