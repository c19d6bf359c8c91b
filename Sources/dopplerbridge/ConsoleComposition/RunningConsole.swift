import ClinicRecord
import ExamArchive
import Foundation
import LocalServer
import ProbeLink
import WebConsole

/// Everything behind a running console, put together, and taken apart in order.
final class RunningConsole: Sendable {
    private let server: RunningServer
    private let desk: ConsoleDesk
    private let room: ExamRoom
    private let outbox: ConsoleOutbox?
    private let probe: ConsoleProbe

    /// How often the clock is looked at (project choice).
    private static let lookInterval = Duration.milliseconds(200)
    private static let looksPerTick = 5
    /// How often it is looked whether the probe came or went: every 5 s (project choice).
    private static let looksPerProbe = 25
    private static let millisecondsPerSecond = 1000.0

    /// The address that browsers open.
    var origin: String { server.origin }

    /// Opens the archive and the probe and begins to serve.
    init(_ verb: ConsoleVerb, stop: StopSignal, console: Console) async throws {
        var source = verb.source
        if source.namedProbe == nil { source.namedProbe = ConsoleVerb.usualProbe }
        let settings = try verb.settings.map { try RecordSettings.read($0) }
        let probe = try ConsoleProbe(source, stop: stop, console: console)
        self.probe = probe
        let clinic = try ProgramClinic(verb.rules, probe: probe, settings: settings, liveGates: verb.liveGates)
        let act = ArchiveAct(by: verb.actorName, at: Self.now())
        let secret = try verb.secret()
        let kept =
            try verb.archive.map { try ConsoleArchive($0, secret: secret, act: act) }
            ?? ConsoleArchive(ofUser: StateFolder(), secret: secret, act: act, console: console)
        try Self.requireAccounts(kept.archive, verb)
        let ear = DeskEar()
        let clock = Self.clock()
        room = ExamRoom(
            clock: clock, onState: ear.changed, onPiece: ear.piece, onEnd: ear.ended)
        let means = ConsoleDesk.Means(
            archive: kept.archive, secret: kept.secret, shelf: kept.shelf, clinic: clinic, userName: verb.actorName,
            language: verb.chosenLanguage, archiveWords: kept.words, now: Self.now,
            liveClockMs: clock.unixMs)
        do throws(DeskRefusal) { desk = try ConsoleDesk(means, room: room, ear: ear) } catch {
            throw Failure(.storage, error.description)
        }
        outbox = Self.outbox(kept, settings, by: verb.actorName, console)
        server = try await Self.serve(desk, verb.serverSettings)
        if clinic.hasWorklist { Task { [desk] in await desk.refreshWorklist() } }
    }

    /// The machine's clocks; the one that pieces are stamped with is set once and then goes evenly.
    private static func clock() -> RoomClock {
        let continuous = ContinuousClock()
        let (start, startMs) = (continuous.now, Date().timeIntervalSince1970 * millisecondsPerSecond)
        return RoomClock(continuous, unixMs: { startMs + start.duration(to: continuous.now) / .milliseconds(1) })
    }

    /// Who comes from another computer must say who they are.
    private static func requireAccounts(_ archive: Archive, _ verb: ConsoleVerb) throws {
        guard verb.isForOthers, try archiving({ () throws(ArchiveError) in try archive.accounts() }).isEmpty else {
            return
        }
        throw Failure(
            .usage, "--host \(verb.host): the archive has no accounts: add them with `archive account add` first")
    }

    @Sendable
    private static func now() -> ArchiveTime { ArchiveTime(secondsSince1970: Date().timeIntervalSince1970) }

    private static func serve(_ desk: ConsoleDesk, _ settings: ServerSettings) async throws -> RunningServer {
        let clock = ContinuousClock()
        let start = clock.now
        let local = LocalServer(
            settings: settings, assets: WebConsole.assets, limits: ServerLimits(),
            monotonicSeconds: { start.duration(to: clock.now) / .seconds(1) }, randomBytes: SystemChance.bytes)
        do { return try await local.start(desk: desk) } catch {
            throw Failure(
                .storage, "the console cannot listen on \(settings.host), port \(settings.port): \(error)")
        }
    }

    private static func outbox(
        _ kept: ConsoleArchive, _ settings: RecordSettings?, by name: String, _ console: Console
    ) -> ConsoleOutbox? {
        guard let settings, let secret = kept.secret, settings.destinations.contains(where: \.isOn) else { return nil }
        var opened = secret
        // An archive without a key yet has nothing to send; the secret itself opens what comes later.
        do throws(ArchiveError) { opened = try kept.archive.opened(secret) } catch { opened = secret }
        return ConsoleOutbox(kept.archive, settings, opened, by: name, console: console)
    }

    /// A link that lets one browser in, once.
    func makeLink() throws -> String {
        do throws(LocalServerError) { return try server.makeLink() } catch {
            throw Failure(.storage, "\(error)")
        }
    }

    /// Prints another link whenever Enter is pressed.
    func offerLinks(_ console: Console) {
        let thread = Thread { [weak self] in
            while readLine() != nil {
                guard let self else { return }
                do { console.result("Open this: \(try makeLink())") } catch let failure as Failure {
                    console.say("dopplerbridge: \(failure.message)")
                } catch {
                    console.say("dopplerbridge: \(error)")
                }
            }
        }
        thread.name = "links"
        thread.start()
    }

    /// Serves until a stop is requested.
    func wait(_ stop: StopSignal, _ service: ConsoleService) async {
        var looks = 0
        while !stop.isRequested {
            // Only the end of the program cancels this, and then the loop ends by its condition.
            do { try await Task.sleep(for: Self.lookInterval) } catch { return }
            looks += 1
            guard looks.isMultiple(of: Self.looksPerTick) else { continue }
            desk.tick()
            service.tick(self)
            if looks.isMultiple(of: Self.looksPerProbe), await Self.onOwnThread({ [probe] in probe.hasChanged() }) {
                desk.deviceChanged()
            }
            if let outbox, await Self.onOwnThread({ outbox.hasChanged() }) { desk.outboxChanged() }
        }
    }

    /// Ends in order: the recording and the exam, the outbox, the server; the archive closes with the program.
    func shutDown() async {
        await room.shutDown()
        if let outbox { await Self.onOwnThread { outbox.stop() } }
        await server.shutDown()
    }

    private static func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.name = "console"
            thread.start()
        }
    }
}
