import ExamSession
import Foundation
import ProbeLink
import VHISSReport

/// The picture of an analysis with several gates.
struct ProfilePicture {
    private let document: AnalysisDocument

    init(_ document: AnalysisDocument) { self.document = document }

    /// Draws the first segment's profile into a PNG file.
    func write(to path: String) throws {
        guard let segment = document.segments.first, let multigate = segment.multigate, multigate.depthMm.count > 1,
            let fastest = segment.velocityScaleCmPerS?.map(abs).max()
        else {
            throw Failure(
                .data, "\(path): no profile: it needs two gates or more (--gates), and the angle and frequency")
        }
        let drawing = ProfileDrawing(
            title: "\(segment.name), depth against velocity",
            notes: [
                "\(ExamText.rounded(multigate.profilesPerSecond, 0)) profiles a second; red towards the transducer, "
                    + "blue away, lighter is faster; dark grey: no flow stands out of the noise"
            ], isSimulated: document.origin.isSimulated)
        let bytes: [UInt8]
        do throws(ReportError) {
            bytes = try drawing.png(
                ProfileDrawing.Profile(
                    depthMm: multigate.depthMm, timeSeconds: multigate.timeSeconds,
                    velocityCmPerS: multigate.meanVelocityCmPerS, overTime: multigate.meanOverTime,
                    fastestCmPerS: fastest))
        } catch {
            throw Failure(.data, "\(path): \(error.description)")
        }
        do { try Data(bytes).write(to: URL(fileURLWithPath: path)) } catch {
            throw Failure(.storage, "\(path): cannot be written (\(error.localizedDescription))")
        }
    }
}
