import ClinicRecord
import ExamArchive
import Foundation
import RecordDocuments
import TestSupport
import Testing

@Suite("the outbox at work")
struct OutboxWorkerTests {
    private static func dicom(_ port: UInt16, _ more: String = "", attempts: Int = 5) -> String {
        "  - {name: archive, kind: dicom, host: 127.0.0.1, port: \(port), title: PEER, timeout-seconds: 3, "
            + "retries: {first-seconds: 10, longest-seconds: 60, attempts: \(attempts)}\(more)}"
    }

    private func object(_ instance: String) -> NewDelivery {
        NewDelivery(
            destination: "archive", kind: "encapsulated-pdf", identifier: instance, bytes: TinyObject.make(instance))
    }

    private func message(_ id: String) -> NewDelivery {
        NewDelivery(destination: "ehr", kind: "oru-message", identifier: id, bytes: TinyObject.message(id))
    }

    @Test("what is queued is sent once, and its state says so", .enabled(if: Needs.hasPython, Needs.python))
    func sent() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder + "/peer")
            let station = try Station(in: folder, destinations: Self.dicom(scp.port))
            try station.queue("EX-1", [object("1.2.3.1"), object("1.2.3.2")])
            let worker = try station.worker("archive")
            #expect(try worker.step() == .tried(taken: 2, left: 0))
            #expect(try worker.step() == .idle)
            #expect(try station.states == [.sent, .sent])
            #expect(scp.events("store").map(\.copies) == [1, 1])
        }
    }

    @Test(
        "each fault ends in one object, or is shown to a person", .enabled(if: Needs.hasPython, Needs.python),
        arguments: [
            ("abort", DeliveryState.sent, 1), ("after", .sent, 2), ("status:0xA700", .sent, 1),
            ("status:0xA900", .needsAPerson, 0), ("status:0xC001", .needsAPerson, 0), ("status:0xB000", .sent, 0),
            ("abort,abort,after,status:0xA700", .sent, 2), ("abort,abort,abort,abort,abort", .needsAPerson, 0),
        ])
    func faults(_ plan: String, _ state: DeliveryState, _ copies: Int) throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder + "/peer", ["--plan", plan])
            let station = try Station(in: folder, destinations: Self.dicom(scp.port))
            try station.queue("EX-1", [object("1.2.3.1")])
            #expect(try station.drain(try station.worker("archive")) == .idle)
            #expect(try station.states == [state])
            let stored = scp.events("store")
            #expect(stored.count == copies)
            #expect(stored.allSatisfy { $0.id == "1.2.3.1" && $0.differs == false })
            if state == .needsAPerson { #expect(try station.archive.deliveries()[0].lastError?.isEmpty == false) }
        }
    }

    @Test("a wrong title stops the queue until a person lets it go on", .enabled(if: Needs.hasPython, Needs.python))
    func stop() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder + "/peer", ["--only", "OTHER"])
            let station = try Station(in: folder, destinations: Self.dicom(scp.port))
            try station.queue("EX-1", [object("1.2.3.1"), object("1.2.3.2")])
            try station.queue("EX-2", [object("1.2.3.3")])
            let worker = try station.worker("archive")
            guard case .stopped(let reason) = try worker.step() else {
                Issue.record("went on")
                return
            }
            #expect(reason.contains("does not know our AE title"))
            #expect(try station.states == [.needsAPerson, .queued, .queued])
            // It stays so, for another worker, too.
            #expect(try station.worker("archive").step() == .stopped(reason: reason))
            #expect(scp.events("association").isEmpty)
            scp.stop()
            let again = try Peer("peer_scp.py", in: folder + "/peer", port: scp.port)
            try station.archive.retry(1, act: ArchiveAct(by: "it", at: ArchiveTime(millisecondsSince1970: 0)))
            #expect(try station.drain(worker) == .idle)
            #expect(try station.states == [.sent, .sent, .sent])
            #expect(again.events("store").allSatisfy { $0.copies == 1 })
        }
    }

    @Test("a peer that is down is waited for, longer each time", .enabled(if: Needs.hasPython, Needs.python))
    func down() throws {
        try Needs.folder { folder in
            let station = try Station(in: folder, destinations: Self.dicom(Needs.freePort()))
            try station.queue("EX-1", [object("1.2.3.1")])
            let worker = try station.worker("archive")
            #expect(try worker.step() == .tried(taken: 0, left: 1))
            #expect(try worker.step() == .idle)
            station.advance(seconds: 4)
            #expect(try worker.step() == .idle)
            station.advance(seconds: 7)
            #expect(try worker.step() == .tried(taken: 0, left: 1))
            station.advance(seconds: 9)
            #expect(try worker.step() == .idle)
            let delivery = try station.archive.deliveries()[0]
            #expect(delivery.attempts == 2 && delivery.lastError?.contains("no connection") == true)
        }
    }

    @Test(
        "each fault of an HL7 receiver ends in one message, or is shown to a person",
        .enabled(if: Needs.hasPython, Needs.python),
        arguments: [
            ("AE", [DeliveryState.needsAPerson, .sent]), ("AR", [.needsAPerson, .queued]), ("half", [.sent, .sent]),
            ("wrong-id", [.sent, .sent]), ("garbage", [.sent, .sent]), ("drop", [.sent, .sent]),
            ("after", [.sent, .sent]),
            ("silence", [.sent, .sent]),
        ])
    func messages(_ fault: String, _ states: [DeliveryState]) throws {
        try Needs.folder { folder in
            let receiver = try Peer("mllp_receiver.py", in: folder + "/peer", ["--plan", fault])
            let station = try Station(
                in: folder,
                destinations: "  - {name: ehr, kind: hl7, host: 127.0.0.1, port: \(receiver.port), timeout-seconds: 1}")
            try station.queue("EX-1", [message("M1")])
            try station.queue("EX-2", [message("M2")])
            _ = try station.drain(try station.worker("ehr"))
            #expect(try station.states == states)
            #expect(receiver.events("message").allSatisfy { $0.differs == false })
            let known = Set(receiver.events("message").compactMap(\.id))
            // What an AE or AR answered was not kept.
            #expect(known == Set(zip(["M1", "M2"], states).filter { $0.1 == .sent }.map(\.0)))
        }
    }

    @Test(
        "an archive keeps what it took, or a person is asked", .enabled(if: Needs.hasPython, Needs.python),
        arguments: [
            ("same", DeliveryState.committed), ("fail", .needsAPerson), ("never", .needsAPerson),
            ("refuse", .needsAPerson),
        ])
    func commitment(_ kind: String, _ state: DeliveryState) throws {
        try Needs.folder { folder in
            let listening = Needs.freePort()
            let scp = try Peer(
                "peer_scp.py", in: folder + "/peer", ["--commit", kind, "--commit-port", "\(listening)"])
            let wait = kind == "same" ? 3 : 0
            let more = ", commitment: {wait-seconds: \(wait), patience-hours: 1}"
            let station = try Station(in: folder, destinations: Self.dicom(scp.port, more))
            try station.queue("EX-1", [object("1.2.3.1")])
            let worker = try station.worker("archive")
            let means = OutboxWorker.Means(
                by: "t", now: { ArchiveTime(millisecondsSince1970: 1_769_900_000_000) }, newUID: { "2.25.1" }, seed: 1)
            let listener = try CommitmentListener(
                ListenerSettings(title: "DOPPLER", port: listening),
                receiver: OutboxWorker.receiver(station.archive, means))
            #expect(try worker.step() == .tried(taken: 1, left: 0))
            if kind == "fail" { #expect(scp.wait(for: "report")) }
            station.advance(seconds: 4000)
            #expect(try worker.step() == .idle)
            #expect(try station.states == [state])
            withExtendedLifetime(listener) {}
        }
    }

    @Test("a step is begun before its objects and ended after them", .enabled(if: Needs.hasPython, Needs.python))
    func step() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder + "/peer", ["--plan", "abort"])
            let station = try Station(in: folder, destinations: Self.dicom(scp.port, ", procedure-steps: true"))
            let order = RecordOrder(studyInstanceUID: "1.2.3", scheduledStepID: "SPS1")
            let step = ProcedureStep(
                instanceUID: "2.25.7", stepID: "P1", stationTitle: "DOPPLER", startDate: "20260131",
                startTime: "101500",
                order: order)
            let subject = RecordSubject(name: RecordPersonName(family: "Świątek", given: "Łucja"), patientID: "P-1")
            let document = RecordDocument(
                kind: .encapsulatedPDF, identifier: "1.2.3.1", bytes: TinyObject.make("1.2.3.1"))
            let deliveries = try ExamDispatch.deliveries(
                of: ["archive": [document]], to: station.settings.destinations, step: step, subject: subject,
                end: ("20260131", "110000"))
            #expect(deliveries.map(\.kind) == ["step-begin", "encapsulated-pdf", "step-end"])
            try station.queue("EX-1", deliveries)
            #expect(try station.drain(try station.worker("archive")) == .idle)
            #expect(try station.states == [.sent, .sent, .sent])
            let kinds = scp.events.map(\.event).filter { ["mpps-create", "store", "mpps-set"].contains($0) }
            #expect(kinds == ["mpps-create", "store", "mpps-set"])
            let text = try String(contentsOfFile: folder + "/peer/events.jsonl", encoding: .utf8)
            #expect(text.contains("1.2.3.1\"") && text.contains("COMPLETED"))
        }
    }

    @Test("a step that is refused holds its own exam back, and no other", .enabled(if: Needs.hasPython, Needs.python))
    func stepRefused() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder + "/peer", ["--mpps-status", "0x0110"])
            let station = try Station(in: folder, destinations: Self.dicom(scp.port))
            let step = ProcedureStep(
                instanceUID: "2.25.7", stepID: "P1", stationTitle: "DOPPLER", startDate: "20260131",
                startTime: "101500", order: RecordOrder(studyInstanceUID: "1.2.3"))
            let subject = RecordSubject(name: RecordPersonName(family: "A", given: "B"), patientID: "P-1")
            let begin = try StepDocument.beginning(step, of: subject).delivery(to: "archive")
            try station.queue("EX-1", [begin, object("1.2.3.1")])
            try station.queue("EX-2", of: "S002", [object("1.2.3.2")])
            #expect(try station.drain(try station.worker("archive")) == .idle)
            #expect(try station.states == [.needsAPerson, .queued, .sent])
        }
    }

    @Test("no error of the outbox holds a name", .enabled(if: Needs.hasPython, Needs.python))
    func names() throws {
        try Needs.folder { folder in
            let scp = try Peer("peer_scp.py", in: folder + "/peer", ["--plan", "status:0xC001"])
            let station = try Station(in: folder, destinations: Self.dicom(scp.port))
            try station.queue("EX-1", [object("1.2.3.1")])
            _ = try station.drain(try station.worker("archive"))
            let said =
                try station.archive.deliveries().compactMap(\.lastError) + station.archive.auditLines().map(\.details)
            #expect(!said.isEmpty && said.allSatisfy { !$0.contains("wiątek") && !$0.contains("Łucja") })
        }
    }
}
