internal import CVector
internal import DopplerKernelsSSE4
internal import Glibc

#if arch(x86_64)
    internal import DopplerKernelsAVX2
    internal import DopplerKernelsAVX512
#endif

/// The vector instructions that the Doppler chain is run with.
///
/// The program holds its kernels for each of them, and takes the widest that the processor has. The environment's
/// `DOPPLERBRIDGE_SIMD` (`sse4`, `avx2`, `avx512`) picks a narrower one, for tests.
public enum SIMDLevel: String, Sendable, CaseIterable {
    /// 128 bits: SSE4.2 on x86-64, NEON on ARM.
    case sse4
    /// 256 bits with fused multiply-add.
    case avx2
    /// 512 bits.
    case avx512

    /// The widest of this processor.
    public static let widest = allCases[max(0, min(Int(processor_simd_level()), allCases.count - 1))]

    /// What the environment asks for; `nil` when it asks for nothing or for what this processor lacks.
    public static let asked: SIMDLevel? = getenv("DOPPLERBRIDGE_SIMD").flatMap {
        SIMDLevel(rawValue: String(cString: $0))
    }
    .flatMap { $0.isOffered ? $0 : nil }

    /// The one in use.
    public static let inUse = asked ?? widest

    /// Whether this processor has it.
    public var isOffered: Bool {
        let index = Self.allCases.firstIndex(of: self) ?? 0
        return index <= (Self.allCases.firstIndex(of: Self.widest) ?? 0)
    }

    /// The kernels of a level.
    var kernels: any VectorKernels.Type {
        switch self {
        case .sse4: DopplerKernelsSSE4.Kernels.self
        #if arch(x86_64)
            case .avx2: DopplerKernelsAVX2.Kernels.self
            case .avx512: DopplerKernelsAVX512.Kernels.self
        #else
            case .avx2, .avx512: DopplerKernelsSSE4.Kernels.self
        #endif
        }
    }

    /// The kernels in use.
    static let kernels: any VectorKernels.Type = inUse.kernels
}

/// What each set of kernels offers; see `Kernels`.
protocol VectorKernels: SendableMetatype {
    static func fourierPasses(
        length: Int, vectorFactors: UnsafePointer<Float>, scalarFactors: UnsafePointer<Float>,
        _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>,
        room: UnsafeMutablePointer<Float>)

    static func filterRows(
        _ values: UnsafeMutablePointer<Float>, lanes: Int, pulses: Int, rowLength: Int,
        states: UnsafeMutablePointer<Float>, coefficients: UnsafePointer<Float>)

    static func separate(
        _ rows: UnsafePointer<Float>, pulses: Int, _ real: UnsafeMutablePointer<Float>,
        _ imaginary: UnsafeMutablePointer<Float>)

    static func transpose(
        _ rows: UnsafePointer<Float>, pulses: Int, rowLength: Int, gates: Int, capacity: Int,
        room: UnsafeMutablePointer<Float>, _ real: UnsafeMutablePointer<Float>,
        _ imaginary: UnsafeMutablePointer<Float>)

    static func weightedSum(
        _ values: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, length: Int
    ) -> Float

    static func loadWindow(
        _ planeReal: UnsafePointer<Float>, _ planeImaginary: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        length: Int, meanOfI: Float, meanOfQ: Float, shareOfQ: Float, shareOfI: Float,
        _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>)

    static func windowPower(
        _ plan: vector_window_plan, _ window: vector_window, isOrdered: Bool, room: UnsafeMutablePointer<Float>,
        _ power: UnsafeMutablePointer<Float>)

    static var batchLanes: Int { get }

    static func spectra(
        _ plan: vector_spectra_plan, _ windows: vector_spectra_windows, _ planeReal: UnsafePointer<Float>,
        _ planeImaginary: UnsafePointer<Float>, room: UnsafeMutablePointer<Float>,
        _ power: UnsafeMutablePointer<Float>)

    static func spreadRows(
        _ power: UnsafePointer<Float>, length: Int, first: Int, _ rows: UnsafeMutablePointer<Float>)

    static func noise(
        _ bins: UnsafePointer<Float>, _ plan: vector_noise_plan, _ noise: UnsafeMutablePointer<Float>)

    static func scan(
        _ bins: UnsafePointer<Float>, _ plan: vector_scan_plan, isAway: Bool, perNoise: UnsafePointer<Float>,
        _ found: UnsafeMutablePointer<Float>)

    static func correlation(
        _ values: UnsafePointer<Float>, _ cosines: UnsafePointer<Float>, _ sines: UnsafePointer<Float>, length: Int
    ) -> SIMD2<Float>

    static func sum(_ values: UnsafePointer<Float>, count: Int) -> Float

    static func lagProducts(
        _ planeReal: UnsafePointer<Float>, _ planeImaginary: UnsafePointer<Float>, steps: Int, isCorrected: Bool,
        shareOfQ: Float, shareOfI: Float, _ real: UnsafeMutablePointer<Float>,
        _ imaginary: UnsafeMutablePointer<Float>, blockPulses: Int, _ blocks: UnsafeMutablePointer<Float>)

    static func convert(
        _ bytes: UnsafeRawPointer, bytesEach: Int, count: Int, _ values: UnsafeMutablePointer<Float>)

    static func greatestSize(_ values: UnsafePointer<Float>, length: Int) -> Float

    static func count(_ values: UnsafePointer<Float>, ofSize size: Float, length: Int) -> Int
}

extension DopplerKernelsSSE4.Kernels: VectorKernels {}
#if arch(x86_64)
    extension DopplerKernelsAVX2.Kernels: VectorKernels {}
    extension DopplerKernelsAVX512.Kernels: VectorKernels {}
#endif
