import CCSVIAnalysis
import CohortStatistics
import ExamSession
import Foundation
import ProbeLink
import ProbeSimulator

/// Examines people of a simulated cohort, from samples to measurements, several at a time.
struct SimulatedExams {
    let plan: CohortProtocol
    let seed: UInt64
    /// Where exams without an operator's error are kept; `nil` keeps none.
    let keptIn: String?
    let definition: CriteriaDefinition
    let table: VHISSTable

    /// Examines everybody.
    ///
    /// - Parameter onExam: is told after each exam.
    /// - Returns: what was measured, in the order of the people.
    func measured(
        _ people: [DrawnSubject], _ error: OperatorError?, stop: StopSignal, onExam: @escaping @Sendable () -> Void
    ) async throws -> [ExamMeasurements] {
        try await withThrowingTaskGroup(of: (Int, ExamMeasurements).self) { group in
            var found: [Int: ExamMeasurements] = [:]
            var waiting = people.indices.makeIterator()
            let width = max(1, ProcessInfo.processInfo.activeProcessorCount)
            func begin() {
                guard !stop.isRequested, let index = waiting.next() else { return }
                let person = people[index]
                group.addTask { (index, try await exam(of: person, error, stop: stop).measurements) }
            }
            for _ in 0..<width { begin() }
            while let (index, measurements) = try await group.next() {
                found[index] = measurements
                onExam()
                begin()
            }
            guard found.count == people.count else {
                throw Failure(.incomplete, "stopped by a signal after \(found.count) of \(people.count) exams")
            }
            return found.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// One exam through the whole chain, as `exam run` does it.
    private func exam(of person: DrawnSubject, _ error: OperatorError?, stop: StopSignal) async throws -> Exam {
        let scenario = try person.scenario(error)
        let personSeed = seed &* 1_000 &+ UInt64(truncatingIfNeeded: person.number)
        let bedside = try SimulatedBedside(
            scenario, SourceSpecifier.Simulation(scenario: scenario.name, seed: personSeed),
            statedCentreFrequencyHz: 0)
        let keeps = error == nil ? keptIn : nil
        let path =
            keeps.map { $0 + "/" + person.code }
            ?? FileManager.default.temporaryDirectory.appending(path: "dopplerbridge-\(UUID().uuidString)").path
        let folder = try examination { () throws(ExamSessionError) in try ExamFolder(new: path) }
        defer { if keeps == nil { Self.remove(path) } }
        var exam = ExamPlan(
            examProtocol: plan.examProtocol, definition: definition, table: table, examID: "EX-\(person.code)",
            subjectCode: person.code, startedAt: Self.startedAt, software: DopplerBridge.software,
            quality: QualityStatement(line: "not asked", isWarning: false))
        exam.protocolText = plan.text
        let session = ExamSession(plan: exam, bedside: bedside, folder: folder)
        let outcome: ExamOutcome
        do throws(ExamSessionError) { outcome = try await session.run(stop: stop) { _ in } } catch {
            throw Failure(error)
        }
        if let failure = outcome.failure { throw Failure(failure) }
        return outcome.exam
    }

    /// Nobody was there: a day that says so, and the same bytes each time.
    private static let startedAt = "2000-01-01T00:00:00Z"

    private static func remove(_ path: String) {
        do { try FileManager.default.removeItem(atPath: path) } catch {
            Console().say("\(path): cannot be removed (\(error.localizedDescription)): remove it yourself")
        }
    }
}
