import Acquisition
import CCSVIAnalysis
import DopplerDSP
import ExamSession
import ProbeLink
import ProbeProfiles
import ProbeSimulator
import SampleFiles

extension SourceOptions {
    /// The site that is taken when none is named: the middle of the right jugular vein, supine.
    private static let usualSite = "ijv.right.j2.supine"

    /// Opens the source for one recording or analysis outside an exam.
    func stretch(_ options: StretchOptions, stop: StopSignal, console: Console) throws -> OpenedStretch {
        var stretch = try opened(options, stop: stop, console: console)
        stretch.analysis.lumen = options.lumen
        stretch.analysis.baseline = try options.baseline
        stretch.analysis.profilesPerSecond = options.profilesPerSecond
        return stretch
    }

    private func opened(_ options: StretchOptions, stop: StopSignal, console: Console) throws -> OpenedStretch {
        switch try SourceSpecifier(probe) {
        case .simulated(let simulation):
            let planned = try Self.planned(options)
            let scenario = try Self.scenario(simulation.scenario)
            let bedside = try SimulatedBedside(scenario, simulation, statedCentreFrequencyHz: statedFrequency)
            try examination { () throws(ExamSessionError) in
                try bedside.hold(siteID: planned.site.id, take: planned.take, manoeuvre: planned.manoeuvre)
            }
            return try opened(bedside.source, bedside.profile, planned, options)
        case .usb(let serial): return try openedUSB(serial, options, stop: stop, console: console)
        case .capture(let path, let profileID):
            let replay = try replay(ofCapture: path, profileID: profileID)
            return try opened(replay.source, replay.profile, try Self.planned(options), options)
        case .replay(let path): return try Self.replayed(path, options)
        case .wav(let path): return try file(path, options, WAVSource.init(path:parameters:))
        case .sigmf(let path): return try file(path, options, SigMFSource.init(path:parameters:))
        case .npz(let path): return try file(path, options, ArrayImport.npz(path:parameters:))
        case .hdf5(let path): return try file(path, options, ArrayImport.hdf5(path:parameters:))
        case .iqText(let path): return try file(path, options, IQTextSource.init(path:parameters:))
        case .dwl(let path):
            throw Failure(.usage, "\(path): a DWL file holds several recordings: use `analyse --probe dwl:\(path)`")
        }
    }

    private func openedUSB(
        _ serial: String?, _ options: StretchOptions, stop: StopSignal, console: Console
    ) throws -> OpenedStretch {
        let planned = try Self.planned(options)
        let wish = try wish(serial)
        let found = try USBComposition(profile: profile).open(wish, until: stop, console: console)
        var stretch = try opened(found.source, found.profile, planned, options)
        stretch.capture = wish.capture
        stretch.reporter = found.reporter
        return stretch
    }

    /// The first built-in protocol that has a step at a site; `standard` where none has.
    private static func builtInProtocol(withSite wanted: String) throws -> ExamProtocol {
        do throws(AnalysisError) {
            let standard = try ExamProtocol.standard()
            if standard.steps.contains(where: { $0.site.id == wanted }) { return standard }
            return try ExamProtocol.allBuiltIn().first { $0.steps.contains { $0.site.id == wanted } } ?? standard
        } catch {
            throw Failure(.data, error.description)
        }
    }

    /// A step of the protocol as it is recorded outside an exam.
    private static func planned(_ options: StretchOptions) throws -> PlannedRecording {
        let wanted = options.site ?? usualSite
        let examProtocol = try builtInProtocol(withSite: wanted)
        guard let index = examProtocol.steps.firstIndex(where: { $0.site.id == wanted }),
            let preset = examProtocol.preset(for: examProtocol.steps[index])
        else {
            let known = examProtocol.plannedSites.map(\.id).joined(separator: ", ")
            throw Failure(.usage, "--site \(wanted): not a site of the protocol; known are \(known)")
        }
        let step = examProtocol.steps[index]
        return PlannedRecording(
            number: index + 1, step: step, preset: preset, manoeuvre: step.manoeuvre,
            seconds: options.seconds ?? step.seconds, take: 1)
    }

    private func opened(
        _ source: any FrameSource, _ profile: DeviceProfile, _ planned: PlannedRecording, _ options: StretchOptions
    ) throws -> OpenedStretch {
        let correctsIQ = profile.iqCorrection == .automatic
        var spectral = options.applied(to: planned.preset.spectralSettings)
        spectral.correctsIQ = correctsIQ
        var scale: DopplerScale? = planned.preset.scale
        if let angle = options.insonationAngleDegrees { scale?.insonationAngleDegrees = angle }
        if let speed = options.speedOfSoundMPerS { scale?.speedOfSoundMPerS = speed }
        var direction: FlowDirection? = options.normalDirection ?? planned.step.normalDirection
        var problems: [String] = []
        if let stream = profile.usbAudio {
            scale?.centreFrequencyHz = Double(statedFrequency)
            if statedFrequency == 0 {
                scale = nil
                problems.append("the Doppler's frequency is not known: only shifts are given (say it with --f0-hz)")
            }
            if let refusal = try ChannelTestRecord.refusal(of: stream, device: source.origin.device) {
                direction = nil
                problems.append(refusal)
            }
        }
        let wanted = try options.applied(to: planned.wantedSettings)
        var analysis = StretchAnalysis(
            name: planned.site.name, spectral: spectral, scale: scale, normalDirection: direction,
            manoeuvre: planned.manoeuvre, seconds: planned.seconds)
        analysis.wanted = wanted
        return OpenedStretch(
            source: source, wanted: wanted, analysis: analysis,
            context: RecordingContext(
                siteID: planned.site.id, manoeuvre: planned.manoeuvre.rawValue, take: planned.take,
                insonationAngleDegrees: scale?.insonationAngleDegrees, speedOfSoundMPerS: scale?.speedOfSoundMPerS,
                normalDirection: direction?.rawValue, correctsIQ: correctsIQ),
            problems: problems)
    }

    private static func replayed(_ path: String, _ options: StretchOptions) throws -> OpenedStretch {
        let recording: Recording
        do throws(RecordingError) { recording = try Recording(path: path) } catch { throw Failure(error) }
        let description = recording.description
        var context = description.context
        if let angle = options.insonationAngleDegrees { context.insonationAngleDegrees = angle }
        if let speed = options.speedOfSoundMPerS { context.speedOfSoundMPerS = speed }
        let direction = options.normalDirection ?? context.normalDirection.flatMap(FlowDirection.init(rawValue:))
        context.normalDirection = direction?.rawValue
        var problems: [String] = []
        if !recording.isWhole {
            let rest = recording.unreadableBytes
            problems.append(
                "\(recording.fileName) was cut off: it was never closed"
                    + (rest == 0 ? "" : ", and \(rest) bytes at its end are in no whole block"))
        }
        return OpenedStretch(
            source: ReplaySource(recording), wanted: description.settings,
            analysis: StretchAnalysis(
                name: context.siteID ?? recording.fileName, spectral: try spectral(of: recording, options),
                scale: scale(of: description), normalDirection: direction,
                manoeuvre: context.manoeuvre.flatMap(Manoeuvre.init(rawValue:)) ?? .quietBreathing,
                seconds: options.seconds),
            context: context, problems: problems)
    }

    /// The spectral settings of a recording's site; a recording of no known site gets those of the usual one.
    private static func spectral(of recording: Recording, _ options: StretchOptions) throws -> SpectralSettings {
        let context = recording.description.context
        var siteOptions = options
        siteOptions.site = options.site ?? context.siteID
        var spectral = try planned(siteOptions).preset.spectralSettings
        let isCheck = context.isLowFlowCheck ?? (context.take > 1)
        let low = isCheck ? try lowFlowPreset(siteOptions) : nil
        if let low, low.prfHz == recording.description.settings.prfHz { spectral = low.spectralSettings }
        spectral.correctsIQ = context.correctsIQ
        return options.applied(to: spectral)
    }

    private static func lowFlowPreset(_ options: StretchOptions) throws -> SettingsPreset? {
        let step = try planned(options).step
        do throws(AnalysisError) { return try ExamProtocol.standard().lowFlowPreset(for: step) } catch {
            throw Failure(.data, error.description)
        }
    }

    /// What a recording says of its velocities; `nil` where a figure is missing.
    private static func scale(of description: RecordingDescription) -> DopplerScale? {
        let known = FileParameters(of: description)
        guard let angle = known.insonationAngleDegrees, let speed = known.speedOfSoundMPerS, known.prfHz != nil,
            known.centreFrequencyHz != nil
        else { return nil }
        return DopplerScale(
            centreFrequencyHz: Double(description.settings.centreFrequencyHz), speedOfSoundMPerS: speed,
            insonationAngleDegrees: angle)
    }

    /// Wall filter of a file whose site is not known, Hz (project choice; `--wall-filter-hz` changes it).
    private static let usualWallFilterHz = 50.0

    /// A file of samples: what it does not say comes from options or its side file, and is else not known.
    private func file(
        _ path: String, _ options: StretchOptions,
        _ open: (String, FileParameters) throws(SourceError) -> any ParameterisedSource
    ) throws -> OpenedStretch {
        let source: any ParameterisedSource
        do throws(SourceError) {
            source = try open(
                path,
                FileParameters(
                    centreFrequencyHz: centreFrequencyHz, prfHz: options.prfHz,
                    insonationAngleDegrees: options.insonationAngleDegrees,
                    speedOfSoundMPerS: options.speedOfSoundMPerS,
                    normalDirection: options.normalDirection.flatMap { BeamDirection(rawValue: $0.rawValue) }))
        } catch {
            throw Failure(error)
        }
        let known = source.parameters
        var problems: [String] = []
        if !source.missingForScoring.isEmpty {
            problems.append(
                "\(path): not known: \(source.missingForScoring.joined(separator: ", ")): only Doppler shifts are "
                    + "given, and velocities, reflux and scoring are refused; give them as options or in \(path).yaml")
        }
        var scale: DopplerScale?
        if let f0 = known.centreFrequencyHz, let speed = known.speedOfSoundMPerS,
            let angle = known.insonationAngleDegrees,
            known.prfHz != nil
        {
            scale = DopplerScale(centreFrequencyHz: f0, speedOfSoundMPerS: speed, insonationAngleDegrees: angle)
        }
        let direction = known.normalDirection.flatMap { FlowDirection(rawValue: $0.rawValue) }
        let context = Self.context(of: source, options)
        let spectral = SpectralSettings(
            prfHz: 0, wallFilterCutoffHz: Self.usualWallFilterHz, correctsIQ: context.correctsIQ)
        return OpenedStretch(
            source: source,
            wanted: .ofFile,
            analysis: StretchAnalysis(
                name: source.origin.device, spectral: options.applied(to: spectral), scale: scale,
                normalDirection: direction, seconds: options.seconds),
            context: context, problems: problems)
    }

    /// What a new recording of a file says of it: what this program once wrote into the file, and what is known now.
    private static func context(
        of source: any ParameterisedSource, _ options: StretchOptions
    ) -> RecordingContext {
        let known = source.parameters
        var context = source.recording?.context ?? RecordingContext(correctsIQ: true)
        if let site = options.site { context.siteID = site }
        context.insonationAngleDegrees = known.insonationAngleDegrees
        context.speedOfSoundMPerS = known.speedOfSoundMPerS
        context.normalDirection = known.normalDirection?.rawValue
        context.assumesPRF = known.prfHz == nil ? true : nil
        return context
    }
}
