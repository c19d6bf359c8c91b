import ArgumentParser
import Foundation
import LiveStreams
import OpenIGTLink
import ProbeLink

/// Streams a running source to researchers' programs.
struct StreamVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream",
        abstract: "Stream samples, envelope and markers to the Lab Streaming Layer and OpenIGTLink.",
        discussion: """
            Nothing is recorded: use `acquire` for that. Markers come from the probe, from losses and from standard input, \
            a line each: \(OperatorMarker.help).

            The Lab Streaming Layer needs liblsl, which the user brings: --lsl-library FILE, \
            \(LSLLibrary.environmentName)=FILE, or one of the usual names where the loader finds it.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var stretch: StretchOptions

    @Flag(help: "Stream to the Lab Streaming Layer: DopplerIQ, DopplerEnvelope, Markers.")
    var lsl = false

    @Option(help: "The file of liblsl.")
    var lslLibrary: String?

    @Option(help: "Serve OpenIGTLink on this port of this computer; 0 takes a free one. The usual one is 18944.")
    var igtl: UInt16?

    @Option(
        help: ArgumentHelp(
            "OpenIGTLink on this address instead of 127.0.0.1; the protocol has no login: whoever reaches it reads and sets."
        ))
    var igtlAddress: String?

    @Option(help: "How fast a source goes that can wait (a file, sim: with pace=fast): times real time.")
    var speed: Double = 1

    @Option(help: "Pulse repetition frequency asked of a probe, Hz; the site's own when not given.")
    var probePrfHz: Double?

    @Option(help: "The gate whose envelope and spectrum are streamed, from 0; the middle one when not given.")
    var envelopeGate: Int?

    @Flag(help: "Begin only when each stream has a client.")
    var waitForClients = false

    @Option(help: "How long clients may go on reading after the end, seconds.")
    var linger: Double = 3

    @Flag(help: "Print one JSON document.")
    var json = false

    private static let speeds = 0.001...100_000.0
    private static let pulseRatesHz = 1.0...100_000.0
    private static let longestLingerSeconds = 600.0

    func validate() throws {
        guard lsl || igtl != nil else {
            throw ValidationError("nothing to stream to: give --lsl, --igtl PORT or both")
        }
        if lslLibrary != nil, !lsl {
            throw ValidationError("--lsl-library belongs to --lsl: give both, or leave it out")
        }
        if igtlAddress != nil, igtl == nil {
            throw ValidationError("--igtl-address belongs to --igtl: give both, or leave it out")
        }
        guard Self.speeds.contains(speed) else { throw ValidationError("--speed must be 0.001 to 100000") }
        if let probePrfHz, !Self.pulseRatesHz.contains(probePrfHz) {
            throw ValidationError("--probe-prf-hz must be 1 to 100000")
        }
        if let envelopeGate, !(0...511).contains(envelopeGate) {
            throw ValidationError("--envelope-gate must be 0 to 511")
        }
        guard (0...Self.longestLingerSeconds).contains(linger) else {
            throw ValidationError("--linger must be 0 to 600")
        }
    }

    func run() throws {
        let console = Console()
        let interrupt = StopOnSignal()
        let word = try SourceSpecifier(source.probe)
        if speed != 1, !word.canWait {
            throw Failure(.usage, "--speed \(speed): \(source.probe) goes by its own clock: leave out --speed")
        }
        if probePrfHz != nil, !word.isProbe {
            throw Failure(.usage, "--probe-prf-hz: \(source.probe) has its own rate: leave it out")
        }
        var opened = try source.stretch(stretch, stop: interrupt.stop, console: console)
        if let probePrfHz { opened.wanted.prfMilliHz = UInt32((probePrfHz * 1000).rounded()) }
        for problem in opened.problems { console.say("Warning: \(problem)") }
        let outputs = try StreamOutputs(
            self, origin: opened.source.origin, isPlayedAgain: !word.isProbe, console: console)
        let session = StreamSession(
            opened, word: word, pace: word.canWait ? .timesRealTime(speed) : .byTheProbe, outputs: outputs,
            envelopeGate: envelopeGate, console: console)
        outputs.perform { [session] in session.perform($0) }
        let operatorLines = StopSignal(following: interrupt.stop)
        let reader = OperatorMarkerReader(session, stop: operatorLines, console: console)
        let result: StreamSession.Result
        do { result = try session.run(waitForClients: waitForClients, stop: interrupt.stop) } catch {
            operatorLines.request()
            outputs.end(lingerSeconds: 0)
            throw error
        }
        operatorLines.request()
        reader.join()
        outputs.end(lingerSeconds: interrupt.stop.isRequested ? 0 : linger)
        try opened.capture?.finish(console: console)
        try show(StreamSummary(result, outputs, session), console: console)
        if let failure = result.failure { throw Failure(failure) }
    }

    private func show(_ summary: StreamSummary, console: Console) throws {
        guard !json else { return try console.json(summary) }
        for line in summary.lines { console.result(line) }
    }
}

extension SourceSpecifier {
    /// Whether the source waits while its reader has no room: it has no clock of its own.
    var canWait: Bool {
        switch self {
        case .simulated(let simulation): !simulation.isRealTime
        case .usb: false
        case .replay, .wav, .sigmf, .npz, .hdf5, .iqText, .dwl, .capture: true
        }
    }

    /// Whether there is a probe that can be set.
    var isProbe: Bool {
        switch self {
        case .simulated, .usb: true
        case .replay, .wav, .sigmf, .npz, .hdf5, .iqText, .dwl, .capture: false
        }
    }
}
