internal import Dispatch
internal import DopplerDSP
internal import Synchronization

/// Runs scenes on all cores; the results stand in the order of the scenes.
enum Trials {
    /// Runs `count` scenes.
    ///
    /// - Throws: what the first scene in order threw.
    static func run<Value: Sendable>(
        _ count: Int, _ body: @Sendable (Int) throws(DSPError) -> Value
    ) throws(QAError) -> [Value] {
        let slots = Mutex<[Result<Value, DSPError>?]>(Array(repeating: nil, count: max(0, count)))
        DispatchQueue.concurrentPerform(iterations: max(0, count)) { index in
            let result: Result<Value, DSPError>
            do throws(DSPError) { result = .success(try body(index)) } catch { result = .failure(error) }
            slots.withLock { $0[index] = result }
        }
        var values: [Value] = []
        for slot in slots.withLock({ $0 }) {
            switch slot {
            case .success(let value): values.append(value)
            case .failure(let error): throw .chain(error)
            case nil: break
            }
        }
        return values
    }
}

/// Sums over realisations.
enum Spread {
    /// Mean and standard deviation; `nil` for fewer than one, and a deviation of 0 for one.
    static func of(_ values: [Double]) -> (mean: Double, deviation: Double)? {
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / Double(max(1, values.count - 1))).squareRoot())
    }

    /// The value below which a share of the values lies; `nil` without values.
    static func quantile(_ share: Double, _ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.down)))]
    }

    /// The value farthest from 0; `nil` without values.
    static func farthest(_ values: [Double]) -> Double? { values.max { abs($0) < abs($1) } }
}
