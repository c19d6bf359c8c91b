import Testing
import VHISSReport

@Suite("The picture of depth against velocity")
struct ProfileDrawingTests {
    private let drawing = ProfileDrawing(title: "vein", notes: ["a note"], isSimulated: true)

    private func profile(gates: Int, times: Int, velocity: Double?) -> ProfileDrawing.Profile {
        ProfileDrawing.Profile(
            depthMm: (0..<gates).map { 10 + Double($0) }, timeSeconds: (0..<times).map { Double($0) * 0.02 },
            velocityCmPerS: Array(repeating: Array(repeating: velocity, count: gates), count: times),
            overTime: Array(repeating: velocity.map { ($0, 1) }, count: gates), fastestCmPerS: 60)
    }

    @Test("is a PNG file, with flow and without any")
    func made() throws {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47]
        let flowing = try drawing.png(profile(gates: 8, times: 50, velocity: -12))
        let still = try drawing.png(profile(gates: 8, times: 50, velocity: nil))
        #expect(flowing.starts(with: signature) && still.starts(with: signature))
        #expect(flowing != still)
    }

    @Test("one gate, one time and tables that do not fit are refused")
    func refused() {
        var uneven = profile(gates: 4, times: 4, velocity: 3)
        uneven.velocityCmPerS[2] = [1]
        for bad in [profile(gates: 1, times: 9, velocity: 1), profile(gates: 4, times: 1, velocity: 1), uneven] {
            #expect(throws: ReportError.self) { try drawing.png(bad) }
        }
    }

    @Test("velocities beyond every scale and no numbers at all do no harm")
    func hostile() throws {
        for velocity in [Double.infinity, -.infinity, .nan, 1e300] {
            _ = try drawing.png(profile(gates: 4, times: 4, velocity: velocity))
        }
    }
}
