internal import CVector

extension Kernels {
    /// Sums the lag products of one gate's samples over blocks of 4, 8 or 16 pulses.
    ///
    /// - Parameters:
    ///   - planeReal, planeImaginary: the samples; the two before the first must be there too.
    ///   - steps: how many times sixteen pulses.
    ///   - isCorrected: whether Q is mended by the shares.
    ///   - real, imaginary: where the corrected samples are written.
    ///   - blocks: for each block power, both parts of the product at one pulse's distance, and the imaginary part at two
    ///     pulses' distance.
    public static func lagProducts(
        _ planeReal: UnsafePointer<Float>, _ planeImaginary: UnsafePointer<Float>, steps: Int, isCorrected: Bool,
        shareOfQ: Float, shareOfI: Float, _ real: UnsafeMutablePointer<Float>,
        _ imaginary: UnsafeMutablePointer<Float>, blockPulses: Int, _ blocks: UnsafeMutablePointer<Float>
    ) {
        let fromQ = vector_all16(shareOfQ)
        let fromI = vector_all16(shareOfI)
        @inline(__always)
        func pair(_ at: Int) -> ComplexLanes {
            let i = lanes(planeReal, at)
            let q = lanes(planeImaginary, at)
            return ComplexLanes(i, isCorrected ? vector_mad16(q, fromQ, vector_mul16(i, fromI)) : q)
        }
        var at = 0
        var target = blocks
        while at < 16 &* steps {
            let now = pair(at)
            let before = pair(at &- 1)
            let earlier = pair(at &- 2)
            store(now.real, real, at)
            store(now.imaginary, imaginary, at)
            let power = dot(now.real, now.real, now.imaginary, now.imaginary)
            let oneReal = dot(now.real, before.real, now.imaginary, before.imaginary)
            let oneImaginary = cross(now.imaginary, before.real, now.real, before.imaginary)
            let twoImaginary = cross(now.imaginary, earlier.real, now.real, earlier.imaginary)
            // Two rounds of adding neighbours leave the sums of four pulses, quantity by quantity.
            let quads = neighbours(neighbours(power, oneReal), neighbours(oneImaginary, twoImaginary))
            target += putBlocks(vector_turned16(quads), ofQuads: blockPulses / 4, target)
            at &+= 16
        }
    }

    /// Adds up the sums of one, two or four quads; returns how many values that makes.
    @inline(__always)
    private static func putBlocks(_ quads: Lanes, ofQuads count: Int, _ target: UnsafeMutablePointer<Float>) -> Int {
        let (a, b, c, d) = (
            vector_quad16(quads, 0), vector_quad16(quads, 1), vector_quad16(quads, 2), vector_quad16(quads, 3)
        )
        switch count {
        case 1:
            store(quads, target, 0)
            return 16
        case 2:
            vector_store4(vector_add4(a, b), target)
            vector_store4(vector_add4(c, d), target + 4)
            return 8
        default:
            vector_store4(vector_add4(vector_add4(vector_add4(a, b), c), d), target)
            return 4
        }
    }

    @inline(__always)
    private static func dot(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes) -> Lanes {
        vector_mad16(a, b, vector_mul16(c, d))
    }

    @inline(__always)
    private static func cross(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes) -> Lanes {
        vector_sub16(vector_mul16(a, b), vector_mul16(c, d))
    }

    @inline(__always)
    private static func neighbours(_ a: Lanes, _ b: Lanes) -> Lanes {
        vector_add16(vector_even16(a, b), vector_odd16(a, b))
    }
}
