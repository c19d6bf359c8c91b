import Acquisition
import CCSVIAnalysis
import DopplerDSP
import ExamSession
import Foundation
import ProbeLink
import ProbeProfiles
import ProbeSimulator
import Synchronization
import Testing
import UMockdevRig
import USBProbeLink

extension RigSuite {
    @Suite("the same exam from three ways")
    struct ExamThreeWaysTests {
        private static let seed: UInt64 = 1
        /// The probe's time and the clock of the heartbeat go so much faster than the test's.
        private static let timesRealTime: UInt64 = 4

        private let exam: ShortExam
        private let patient: SimulatedPatient

        init() throws {
            exam = try ShortExam()
            patient = SimulatedPatient(try ScenarioLibrary.scenario(named: "ccsvi"), seed: Self.seed)
        }

        private var probe: SimulatedProbe {
            SimulatedProbe(identity: DeviceIdentity(serialNumber: "SIM-3"), source: ToneSource.silence)
        }

        private func inProcess(_ folder: String) async throws -> ExamOutcome {
            let transport = InProcessTransport(probe, pace: .accelerated)
            let source = try ODPProbe.open(over: transport, specifier: "sim:ccsvi?seed=1", profileID: "odp/reference")
            return try await exam.run(at: PhantomBedside(patient, source) { transport.place($0) }, into: folder)
        }

        private func overUSB(_ folder: String) async throws -> ExamOutcome {
            let device = SimulatedProbeOnRig(probe, timesRealTime: Self.timesRealTime)
            let rig = try device.plugIn()
            defer { withExtendedLifetime(rig) {} }
            let profile = try ProfileLibrary(file: nil).profile("odp/reference")
            let transport = try USBProbeTransport(
                opening: try USBDeviceDiscovery().find(profile.match), matching: profile.match,
                monotonicNanoseconds: { USBProbeTransport.systemNanoseconds() &* Self.timesRealTime })
            let source = try ODPProbe.open(over: transport, specifier: "usb", profileID: profile.id)
            let outcome = try await exam.run(
                at: PhantomBedside(patient, source) { phantom in
                    device.state.withLock { $0.probe.place(phantom) }
                }, into: folder)
            #expect(device.state.withLock { !$0.probe.isArmed })
            #expect(rig.counts.transfers_in_flight == 0)
            return outcome
        }

        /// What must not depend on the way.
        private static func comparable(_ recordings: [VeinRecording]) -> [VeinRecording] {
            recordings.map { recording in
                var same = recording
                // The file names its source, and where the decoder stood when it was stopped.
                same.sha256 = ""
                return same
            }
        }

        private static func expectSame(_ one: ExamOutcome, _ other: ExamOutcome, _ way: Comment) {
            #expect(other.failure == nil, way)
            #expect(one.exam.measurements.observations == other.exam.measurements.observations, way)
            #expect(one.exam.measurements == other.exam.measurements, way)
            #expect(one.exam.assessment == other.exam.assessment, way)
            #expect(comparable(one.exam.recordings) == comparable(other.exam.recordings), way)
            #expect(other.exam.recordings.allSatisfy { $0.lostPulses.total == 0 }, way)
            #expect(one.exam.limitations == other.exam.limitations, way)
            #expect(other.exam.isSimulated, way)
        }

        @Test("in process, replayed and over the real libusb: the same refluxes, criteria and VHISS, nothing lost")
        func same() async throws {
            let folder = try ShortExam.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let first = try await inProcess(folder + "/sim")
            #expect(first.failure == nil)
            Self.expectFindings(first.exam)
            let replayed = try await exam.run(
                at: RecordedBedside(ExamFolder(existing: folder + "/sim")), into: folder + "/replay")
            Self.expectSame(first, replayed, "replayed")
            let usb = try await overUSB(folder + "/usb")
            Self.expectSame(first, usb, "over USB")
            try Self.expectSameFrames(first.exam, folder + "/sim", folder + "/replay")
            try Self.expectSameFrames(first.exam, folder + "/sim", folder + "/usb")
        }

        /// What scenario `ccsvi` states of these sites: without it, three equal exams of nothing would pass.
        private static func expectFindings(_ exam: Exam) {
            let observations = Dictionary(
                uniqueKeysWithValues: exam.measurements.observations.map { ($0.site.id, $0) })
            #expect(observations.count == 5)
            #expect(exam.recordings.count == 6, "five sites and one low-flow check")
            for site in ["ijv.left.j1.supine", "ijv.left.j1.sitting"] {
                #expect(observations[site]?.refluxes.contains { $0.durationSeconds > 0.88 } == true)
                #expect(observations[site]?.refluxes.contains { $0.breathsSeen == 2 } == true)
            }
            #expect(observations["vv.right.supine"]?.flow == .absent)
            #expect(observations["vv.right.supine"]?.absence?.allHold == true)
            #expect(observations["vv.left.supine"]?.flow == .present)
            #expect(observations["vv.left.supine"]?.refluxes.isEmpty == true)
            let outcomes = exam.assessment.criteria.map(\.outcome)
            #expect([0, 1, 2, 4].allSatisfy { outcomes[$0] == .met })
            #expect(exam.assessment.verdict == .positive)
            #expect(exam.recordings.allSatisfy { $0.lostPulses.total == 0 })
        }

        /// The samples themselves, sample for sample.
        private static func expectSameFrames(_ exam: Exam, _ one: String, _ other: String) throws {
            for recording in exam.recordings {
                let frames = try [one, other].map { folder in
                    var sink = FrameBytes()
                    _ = try ReplaySource(Recording(path: "\(folder)/\(recording.fileName)"))
                        .run(into: &sink, until: StopSignal())
                    return sink.bytes
                }
                #expect(!frames[0].isEmpty)
                #expect(frames[0] == frames[1], "\(recording.recordingID) in \(other)")
            }
        }
    }
}

/// Every I/Q frame's payload with its place in time.
private struct FrameBytes: FrameSink {
    var bytes: [UInt8] = []

    func hasRoom(forBytes count: Int) -> Bool { true }

    mutating func receive(_ frame: FrameHeader, _ payload: RawSpan) {
        guard frame.kind == .iq else { return }
        withUnsafeBytes(of: frame.pulseIndex) { bytes += $0 }
        bytes.append(frame.flags.rawValue)
        payload.withUnsafeBytes { bytes += $0 }
    }

    mutating func lost(_ loss: StreamLoss) { bytes += Array("lost".utf8) }

    mutating func event(_ event: ProbeEvent) {}
}
