import ArgumentParser
import ClinicRecord
import RecordDocuments

/// Asks for what is planned.
struct RecordWorklist: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worklist", abstract: "Ask the worklist who comes.",
        discussion: """
            The names are those of patients: they are printed and kept nowhere. `record order` takes an item's `order` of \
            the JSON document.
            """)

    @Argument(help: "The settings' file.")
    var settings: String

    @Option(help: "Only this day, 20260131, or these days, 20260131-20260202.")
    var date: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    /// The list as one document.
    struct Document: Encodable {
        var schema = "dopplerbridge-worklist-1"
        var items: [Item]
        var unreadableCount: Int
        var incompleteCount: Int
    }

    /// One item.
    struct Item: Encodable {
        var familyName: String
        var givenName: String
        var patientID: String
        var issuer: String?
        var birthDate: String?
        var sex: String?
        var startDate: String?
        var startTime: String?
        var order: RecordOrder

        init(_ item: WorklistItem) {
            familyName = item.subject.name.family
            givenName = item.subject.name.given
            patientID = item.subject.patientID
            issuer = item.subject.issuer
            birthDate = item.subject.birthDate
            sex = item.subject.sex?.rawValue
            startDate = item.startDate
            startTime = item.startTime
            order = item.order
        }

        /// `20260131 101500  P-1  Name, given  1961-04-30  A1  what`.
        var line: String {
            let what = order.scheduledStepDescription ?? order.requestedProcedureDescription ?? ""
            return [
                "\(startDate ?? "-") \(startTime ?? "-")", patientID, "\(familyName), \(givenName)", birthDate ?? "-",
                order.accessionNumber, what,
            ].joined(separator: "  ")
        }
    }

    func validate() throws {
        let parts = date?.split(separator: "-") ?? []
        guard parts.allSatisfy({ $0.utf8.count == 8 && $0.allSatisfy(\.isNumber) }) else {
            throw ValidationError("--date must be 20260131 or 20260131-20260202")
        }
    }

    func run() async throws {
        let console = Console()
        let settings = try RecordSettings.read(self.settings)
        guard settings.worklist != nil else {
            throw Failure(.usage, "\(self.settings): no worklist is switched on: add `worklist`")
        }
        let date = date
        let found: Worklist
        do throws(ClinicRecordError) {
            found = try await onOwnThread(named: "worklist") { () throws(ClinicRecordError) in
                try settings.askWorklist(date: date)
            }
        } catch { throw Failure(error) }
        let items = found.items.map(Item.init)
        if json {
            try console.json(
                Document(items: items, unreadableCount: found.unreadableCount, incompleteCount: found.incompleteCount))
        } else {
            for item in items { console.result(item.line) }
            console.result("\(items.count) planned")
        }
        if found.unreadableCount > 0 {
            console.say(
                "\(found.unreadableCount) answers are not of the character set that they name: set `default-character-set`"
            )
        }
        if found.incompleteCount > 0 {
            console.say(
                "\(found.incompleteCount) answers hold no patient's number or no study: tell the worklist's owner")
        }
        guard found.unreadableCount + found.incompleteCount == 0 else { throw Failure(.incomplete, "") }
    }
}

extension RecordSettings {
    /// Asks the worklist who comes; empty where none is configured.
    ///
    /// Blocks.
    ///
    /// - Parameter date: only this day, `20260131`, or these days; `nil` = all.
    func askWorklist(date: String?) throws(ClinicRecordError) -> Worklist {
        guard let service = worklist else { return Worklist() }
        var query = WorklistQuery()
        query.stationTitle = service.asksForOwnTitle ? station.stationAETitle : nil
        query.date = date
        query.defaultCharacterSet = service.defaultCharacterSet
        return try service.peer.worklist(query)
    }
}
