/// What a case took in one round.
struct Sample {
    /// With one processor those that it worked.
    var seconds: Double
    /// Whether something disturbed every attempt, so that this one does not count.
    var isDisturbed: Bool
    /// Attempts before this one.
    var repeats: Int
    /// Round trips between the processors before and after, ns; none where one processor takes part.
    var roundTrips: [Double]
}

/// Runs a case until nothing disturbs it.
struct Sampler {
    /// The machine's usual round trip between its processors, ns, where two take part.
    var usualTrip: Double? = nil

    /// With less than this share of its processors a run is disturbed: others wanted them too.
    static let leastShare = 0.95

    /// A round trip that is by more than this factor longer or shorter than the machine's usual one is disturbed: the host
    /// has moved the processors apart, or together.
    static let steadyTrip = 1.5

    /// A disturbed run is taken again at once, up to so many times in all.
    static let mostTries = 8

    func sample(_ run: () -> Threads.Run) -> Sample {
        var sample = attempt(run, repeats: 0)
        while sample.isDisturbed && sample.repeats + 1 < Self.mostTries {
            sample = attempt(run, repeats: sample.repeats + 1)
        }
        return sample
    }

    private func attempt(_ run: () -> Threads.Run, repeats: Int) -> Sample {
        guard let usualTrip else {
            let run = run()
            return Sample(
                seconds: run.processorSeconds, isDisturbed: run.processorShare < Self.leastShare, repeats: repeats,
                roundTrips: [])
        }
        let before = Threads.roundTripNanoseconds()
        let run = run()
        let trips = [before, Threads.roundTripNanoseconds()]
        let isSteady = trips.allSatisfy { $0 < Self.steadyTrip * usualTrip && Self.steadyTrip * $0 > usualTrip }
        return Sample(
            seconds: run.seconds, isDisturbed: run.processorShare < Self.leastShare || !isSteady, repeats: repeats,
            roundTrips: trips)
    }
}
