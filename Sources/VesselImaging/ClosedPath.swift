internal import Glibc

/// The best closed path through a table of scores, one place for each direction, by dynamic programming.
enum ClosedPath {
    /// Times around: the middle one has forgotten where the path began and does not yet know where it ends.
    private static let rounds = 3

    /// The places of the best path.
    ///
    /// - Parameters:
    ///   - scores: for each direction the score of each place; all of one length.
    ///   - mostSteps: how far neighbours may lie apart, 1 or more.
    ///   - bending: what a step apart costs, for each direction, times its square.
    static func best(_ scores: [[Double]], mostSteps: Int, bending: Double) -> [Int] {
        guard let places = scores.first?.count, places > 0 else { return [] }
        let count = scores.count
        var sums = scores[0]
        var origins: [[Int]] = []
        for turn in 1..<rounds * count {
            let row = scores[turn % count]
            var next = [Double](repeating: 0, count: places)
            var from = [Int](repeating: 0, count: places)
            for place in 0..<places {
                var best = -Double.infinity
                for before in max(0, place - mostSteps)...min(places - 1, place + mostSteps) {
                    let steps = Double(place - before)
                    let sum = sums[before] - bending * steps * steps
                    if sum > best { (best, from[place]) = (sum, before) }
                }
                next[place] = best + row[place]
            }
            origins.append(from)
            sums = next
        }
        var place = sums.indices.max { sums[$0] < sums[$1] } ?? 0
        var path: [Int] = [place]
        for from in origins.reversed() {
            place = from[place]
            path.append(place)
        }
        path.reverse()
        return Array(path[count..<2 * count])
    }

    /// The first harmonics of a closed course.
    static func smooth(_ values: [Double], harmonics: Int) -> [Double] {
        let count = values.count
        guard count > 0 else { return [] }
        let mean = values.reduce(0, +) / Double(count)
        var result = [Double](repeating: mean, count: count)
        for harmonic in 1...max(1, harmonics) {
            var (cosines, sines) = (0.0, 0.0)
            for index in 0..<count {
                let angle = 2 * Double.pi * Double(harmonic * index % count) / Double(count)
                cosines += values[index] * cos(angle)
                sines += values[index] * sin(angle)
            }
            for index in 0..<count {
                let angle = 2 * Double.pi * Double(harmonic * index % count) / Double(count)
                result[index] += 2 / Double(count) * (cosines * cos(angle) + sines * sin(angle))
            }
        }
        return result
    }
}
