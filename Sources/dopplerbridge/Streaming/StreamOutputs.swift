import Foundation
import LiveStreams
import OpenIGTLink
import ProbeLink
import Synchronization

/// Where a stream goes: the Lab Streaming Layer, an OpenIGTLink server, or both, on one clock.
final class StreamOutputs: Sendable {
    let time: StreamTime
    let lsl: LSLOutlets?
    let server: IGTLServer?
    let igtl: IGTLOutlet?
    private let performer: Performer

    /// Whom a client's command is given to, once he is there.
    private final class Performer: Sendable {
        let act = Mutex<(@Sendable (IGTLCommand) -> IGTLReply)?>(nil)
    }

    /// How often clients are looked for, microseconds (project choice).
    private static let lookMicroseconds: UInt32 = 20_000

    init(_ options: StreamVerb, origin: SourceOrigin, isPlayedAgain: Bool, console: Console) throws {
        time = Self.clock()
        lsl =
            options.lsl
            ? try Self.outlets(options.lslLibrary, time, console) { library throws(LSLError) in
                try LSLOutlets(library, origin: origin, isPlayedAgain: isPlayedAgain)
            } : nil
        let performer = Performer()
        self.performer = performer
        guard let port = options.igtl else {
            (server, igtl) = (nil, nil)
            return
        }
        var settings = IGTLServerSettings()
        settings.port = port
        if let address = options.igtlAddress { settings.address = address }
        do throws(IGTLError) {
            let server = try IGTLServer(settings) { command in
                performer.act.withLock { $0 }?(command) ?? .failure("the source is not open yet: ask again")
            }
            console.say("OpenIGTLink: \(settings.address) port \(server.port)")
            self.server = server
            igtl = IGTLOutlet(server, time: time)
        } catch {
            throw Failure(.storage, error.description)
        }
    }

    /// All that takes pieces.
    var outlets: [any StreamOutlet] {
        var all: [any StreamOutlet] = []
        if let lsl { all.append(lsl) }
        if let igtl { all.append(igtl) }
        return all
    }

    /// Gives the commands of clients to somebody.
    func perform(_ act: @escaping @Sendable (IGTLCommand) -> IGTLReply) {
        performer.act.withLock { $0 = act }
    }

    /// Waits until each stream has a client, or a stop is requested.
    func waitForClients(stop: StopSignal) {
        while !stop.isRequested {
            let isLSLRead = lsl?.areAllRead ?? true
            let isIGTLRead = server.map { $0.counts.clients.contains { $0.end == nil } } ?? true
            if isLSLRead, isIGTLRead { return }
            usleep(Self.lookMicroseconds)
        }
    }

    /// Ends the streams; clients may go on reading for some time.
    func end(lingerSeconds: Double) {
        server?.end(drainSeconds: lingerSeconds)
        guard let lsl else { return }
        let end = time.nowSeconds + lingerSeconds
        while lsl.isAnyRead, time.nowSeconds < end { usleep(Self.lookMicroseconds) }
        lsl.end()
    }

    // MARK: The clock

    private static func monotonicNanoseconds() -> UInt64 { nanoseconds(CLOCK_MONOTONIC) }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    /// The host's monotonic clock, and what makes UTC of it from now on.
    private static func clock() -> StreamTime {
        // Of several readings the one between the closest two of the other clock.
        var best = (width: UInt64.max, offset: 0.0)
        for _ in 0..<16 {
            let before = nanoseconds(CLOCK_MONOTONIC)
            let utc = nanoseconds(CLOCK_REALTIME)
            let after = nanoseconds(CLOCK_MONOTONIC)
            guard after - before < best.width else { continue }
            let middle = before + (after - before) / 2
            best = (after - before, (Double(utc / 1000) - Double(middle / 1000)) / 1e6)
        }
        return StreamTime(monotonicNanoseconds: { monotonicNanoseconds() }, utcOffsetSeconds: best.offset)
    }

    private static func outlets(
        _ named: String?, _ time: StreamTime, _ console: Console,
        _ open: (LSLLibrary) throws(LSLError) -> LSLOutlets
    ) throws -> LSLOutlets {
        let environment = ProcessInfo.processInfo.environment[LSLLibrary.environmentName]
        let chosen = named ?? environment.flatMap { $0.isEmpty ? nil : $0 }
        do throws(LSLError) {
            let library = try LSLLibrary(named: chosen, monotonicSeconds: { time.nowSeconds })
            console.say(
                "Lab Streaming Layer: \(library.path), version \(library.version / 100).\(library.version % 100), "
                    + "its clock is the host's monotonic clock")
            return try open(library)
        } catch {
            throw Failure(.usage, error.description)
        }
    }
}
