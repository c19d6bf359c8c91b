/// What the front end does to one gate of a phantom, in the order in which a front end commits it.
struct PhantomFaults: Sendable {
    /// More pulses than any run has.
    private static let endlessPulses = 1 << 50

    private var passes: [FaultPass]
    private let distorts: Bool

    /// The faults of a gate.
    ///
    /// - Parameters:
    ///   - key: names patient, seed, site, take and gate.
    ///   - bloodCounts: root mean square of the site's blood, counts: what levels in dB refer to.
    ///   - statedPrfHz: the rate that the device states: the faults' times are the device's.
    init(_ faults: [FrontEndFault], key: [String], bloodCounts: Double, statedPrfHz: Double) {
        passes = FrontEnd.order.flatMap { kind in
            faults.enumerated().filter { $0.element.kind == kind }.map { index, fault in
                let noise = SignalNoise(key + ["fault", kind.rawValue, String(index), String(fault.seed)])
                return FaultPass(
                    fault, noise: noise, bloodCounts: bloodCounts, prfHz: statedPrfHz, count: Self.endlessPulses)
            }
        }
        distorts = passes.contains { Self.distorting.contains($0.kind) }
    }

    private static let distorting: Set<FrontEndFault.Kind> = [.gainError, .phaseError, .offset, .clipping, .dropout]

    /// Adds the echoes of moving walls to a block.
    mutating func addEchoes(firstPulse: UInt64, toRe re: inout [Double], im: inout [Double]) {
        for index in passes.indices where passes[index].kind == .wallThump {
            passes[index].add(firstPulse: Int(clamping: firstPulse), toRe: &re, im: &im)
        }
    }

    /// Adds taps and hum, which need no transmission, to a block of zeros.
    ///
    /// - Returns: whether there is anything of the kind.
    mutating func addPickUp(firstPulse: UInt64, toRe re: inout [Double], im: inout [Double]) -> Bool {
        var isAny = false
        for index in passes.indices where passes[index].kind == .tap || passes[index].kind == .hum {
            passes[index].add(firstPulse: Int(clamping: firstPulse), toRe: &re, im: &im)
            isAny = true
        }
        return isAny
    }

    /// One pulse as the front end hands it to the converter.
    func distort(pulse: UInt64, inPhase: inout Double, quadrature: inout Double) {
        guard distorts else { return }
        let place = Int(clamping: pulse)
        for pass in passes where pass.pulses.contains(place) {
            pass.distort(inPhase: &inPhase, quadrature: &quadrature)
        }
    }
}

extension VesselSite {
    /// True pulses over the device's pulses in the same time: 1 with a clock that is right.
    var clockFactor: Double {
        faults.filter { $0.kind == .clockDrift }.reduce(1) { $0 * (1 + $1.size * 1e-6) }
    }
}
