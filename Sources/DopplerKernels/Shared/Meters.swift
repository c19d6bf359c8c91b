public import CVector

extension Kernels {
    /// Estimates the noise of as many spectra as there are lanes, number by number like `NoiseEstimator`.
    ///
    /// - Parameters:
    ///   - bins: for each bin, in the transform's own order, a vector.
    ///   - plan: the segments and what their means are compared with and multiplied by.
    ///   - noise: the result, one for each lane.
    public static func noise(
        _ bins: UnsafePointer<Float>, _ plan: vector_noise_plan, _ noise: UnsafeMutablePointer<Float>
    ) {
        let rank = Int(plan.rank)
        let segments = Int(plan.segments)
        // The lowest means so far, in order; there is room for as many segments as there may be.
        var means = vector_noise_room()
        var lowest = vector_noise_room()
        var place = 0
        while place < rank {
            vector_noise_put(&lowest, place, vector_batch_all(.infinity))
            place &+= 1
        }
        var segment = 0
        while segment < segments {
            let first = Int(plan.edges[segment])
            let count = Int(plan.edges[segment &+ 1]) &- first
            var mean = vector_batch_div(sum(bins + first &* batchLanes, count), vector_batch_all(Float(count)))
            vector_noise_put(&means, segment, mean)
            place = 0
            while place < rank {
                let kept = vector_noise_get(&lowest, place)
                vector_noise_put(&lowest, place, vector_batch_min(kept, mean))
                mean = vector_batch_max(kept, mean)
                place &+= 1
            }
            segment &+= 1
        }
        let low = vector_noise_get(&lowest, rank &- 1)
        var estimate = vector_batch_mul(low, vector_batch_all(plan.first_scale))
        estimate = refined(estimate, low, plan, &means)
        estimate = refined(estimate, low, plan, &means)
        vector_batch_store(vector_batch_mul(estimate, vector_batch_all(plan.last_scale)), noise)
    }

    /// The mean of the segments near an estimate.
    private static func refined(
        _ estimate: vector_batch, _ low: vector_batch, _ plan: vector_noise_plan, _ means: inout vector_noise_room
    ) -> vector_batch {
        let zero = vector_batch_all(0)
        let limit = vector_batch_max(low, vector_batch_mul(estimate, vector_batch_all(plan.near_limit)))
        var total = zero
        var used = zero
        var segment = 0
        while segment < Int(plan.segments) {
            let bins = vector_batch_all(Float(plan.edges[segment &+ 1] &- plan.edges[segment]))
            let mean = vector_noise_get(&means, segment)
            let isFar = vector_batch_above(mean, limit)
            total = vector_batch_add(total, vector_batch_choose(isFar, zero, vector_batch_mul(mean, bins)))
            used = vector_batch_add(used, vector_batch_choose(isFar, zero, bins))
            segment &+= 1
        }
        return vector_batch_choose(vector_batch_above(used, zero), vector_batch_div(total, used), estimate)
    }

    /// The sum of `count` vectors, lane by lane in the order of `sum(_:_:)`: sixteen sums side by side, which are then
    /// added up in halves, and what does not fill sixteen one by one.
    @inline(__always)
    private static func sum(_ bins: UnsafePointer<Float>, _ count: Int) -> vector_batch {
        let whole = count & ~15
        @inline(__always)
        func every(_ first: Int) -> vector_batch {
            var total = vector_batch_load(bins + first &* batchLanes)
            var at = first &+ 16
            while at < whole {
                total = vector_batch_add(total, vector_batch_load(bins + at &* batchLanes))
                at &+= 16
            }
            return total
        }
        @inline(__always)
        func quarter(_ first: Int) -> vector_batch {
            vector_batch_add(
                vector_batch_add(every(first), every(first &+ 8)),
                vector_batch_add(every(first &+ 4), every(first &+ 12)))
        }
        var total = vector_batch_all(0)
        if whole > 0 {
            total = vector_batch_add(
                vector_batch_add(quarter(0), quarter(1)), vector_batch_add(quarter(2), quarter(3)))
        }
        var at = whole
        while at < count {
            total = vector_batch_add(total, vector_batch_load(bins + at &* batchLanes))
            at &+= 1
        }
        return total
    }

    /// Passes over the bins of one direction of as many spectra as there are lanes, number by number like
    /// `ColumnMeter.scan`.
    ///
    /// - Parameters:
    ///   - bins: for each bin, in the transform's own order, a vector.
    ///   - perNoise: one over the noise of each lane.
    ///   - found: the result, a vector each: strength, first bin, last bin, peak, its bin, weight, moment, and
    ///     what the bins but the peak and its neighbours hold above the noise where a lane has flow.
    public static func scan(
        _ bins: UnsafePointer<Float>, _ plan: vector_scan_plan, isAway: Bool, perNoise: UnsafePointer<Float>,
        _ found: UnsafeMutablePointer<Float>
    ) {
        let (zero, one) = (vector_batch_all(0), vector_batch_all(1))
        let scale = vector_batch_load(perNoise)
        let (noiseRatio, weightedRatio) = (vector_batch_all(plan.noise_ratio), vector_batch_all(plan.weighted_ratio))
        var distance = vector_batch_all(Float(plan.first))
        var (run, start, strength, first, last) = (zero, distance, zero, zero, zero)
        var (peak, peakBin, weight, moment) = (zero, zero, zero, zero)
        var at = bins + (isAway ? plan.length &- plan.first : plan.first) &* batchLanes
        let step = isAway ? 0 &- batchLanes : batchLanes
        var bin = plan.first
        while bin < plan.end {
            let ratio = vector_batch_mul(vector_batch_load(at), scale)
            start = vector_batch_choose(vector_batch_above(run, zero), start, distance)
            run = vector_batch_add(vector_batch_max(run, zero), vector_batch_sub(ratio, noiseRatio))
            let isStronger = vector_batch_above(run, strength)
            strength = vector_batch_max(run, strength)
            last = vector_batch_choose(isStronger, distance, last)
            first = vector_batch_choose(isStronger, start, first)
            let isHigher = vector_batch_above(ratio, peak)
            peak = vector_batch_max(ratio, peak)
            peakBin = vector_batch_choose(isHigher, distance, peakBin)
            let more = vector_batch_choose(
                vector_batch_above(ratio, weightedRatio), vector_batch_sub(ratio, one), zero)
            weight = vector_batch_add(weight, more)
            moment = vector_batch_add(moment, vector_batch_mul(more, distance))
            distance = vector_batch_add(distance, one)
            at += step
            bin &+= 1
        }
        @inline(__always)
        func put(_ value: vector_batch, _ index: Int) { vector_batch_store(value, found + index &* batchLanes) }
        put(strength, 0)
        put(first, 1)
        put(last, 2)
        put(peak, 3)
        put(peakBin, 4)
        put(weight, 5)
        put(moment, 6)
        let hasFlow = vector_batch_reaches(strength, plan.threshold) != 0
        put(hasFlow ? beyond(bins, plan, isAway: isAway, scale, peakBin) : zero, 7)
    }

    /// What the bins of a direction hold above the noise, but for the greatest one and its neighbours.
    private static func beyond(
        _ bins: UnsafePointer<Float>, _ plan: vector_scan_plan, isAway: Bool, _ scale: vector_batch,
        _ peakBin: vector_batch
    ) -> vector_batch {
        let zero = vector_batch_all(0)
        let one = vector_batch_all(1)
        // How far the bin lies behind the peak.
        var distance = vector_batch_sub(vector_batch_all(Float(plan.first)), peakBin)
        var sum = zero
        var at = bins + (isAway ? plan.length &- plan.first : plan.first) &* batchLanes
        let step = isAway ? 0 &- batchLanes : batchLanes
        var bin = plan.first
        while bin < plan.end {
            let over = vector_batch_max(vector_batch_sub(vector_batch_mul(vector_batch_load(at), scale), one), zero)
            let isFar = vector_batch_above(vector_batch_mul(distance, distance), one)
            sum = vector_batch_add(sum, vector_batch_choose(isFar, over, zero))
            distance = vector_batch_add(distance, one)
            at += step
            bin &+= 1
        }
        return sum
    }

    /// Sums of `length` values, a multiple of 16, times one factor each and times another.
    public static func correlation(
        _ values: UnsafePointer<Float>, _ cosines: UnsafePointer<Float>, _ sines: UnsafePointer<Float>, length: Int
    ) -> SIMD2<Float> {
        var (real, imaginary) = (vector_all16(0), vector_all16(0))
        var at = 0
        while at < length {
            let own = lanes(values, at)
            real = vector_mad16(own, lanes(cosines, at), real)
            imaginary = vector_mad16(own, lanes(sines, at), imaginary)
            at &+= 16
        }
        return vector_pair2(vector_sum16(real), vector_sum16(imaginary))
    }

    /// The sum of `count` values, sixteen side by side.
    public static func sum(_ values: UnsafePointer<Float>, count: Int) -> Float {
        var total = vector_all16(0)
        var at = 0
        while at &+ 16 <= count {
            total = vector_add16(total, lanes(values, at))
            at &+= 16
        }
        var sum = vector_sum16(total)
        while at < count {
            sum += values[at]
            at &+= 1
        }
        return sum
    }
}
