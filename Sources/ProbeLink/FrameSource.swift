/// One opened source of frames: a probe behind its protocol, or a file.
///
/// The source is used in this order: `prepare`, then `run` on the acquisition thread, any number of times.
public protocol FrameSource: Sendable {
    /// What the frames come from.
    var origin: SourceOrigin { get }

    /// Applies settings where there are any to apply (a file has its own).
    ///
    /// - Returns: the settings in force.
    func prepare(_ wanted: AcquisitionSettings) throws(SourceError) -> AcquisitionSettings

    /// Delivers frames until the source ends or `stop` is requested, then disarms.
    ///
    /// - Returns: what was counted on the way.
    /// - Throws: why the source ended early. What came before has been delivered; the counts go with the error.
    func run<Sink: FrameSink & ~Copyable>(
        into sink: inout Sink, until stop: StopSignal
    ) throws(SourceRunError) -> LinkCounters
}

/// What frames come from, for records and reports.
public struct SourceOrigin: Sendable, Hashable, Codable {
    /// The word that picked the source, such as `sim:healthy?seed=1` or `usb`, without a folder path.
    public var specifier: String
    /// Maker, product, serial number and firmware, as far as known.
    public var device: String
    /// The device profile's id; `nil` for files without one.
    public var profileID: String?
    /// Whether anything in it is simulated.
    ///
    /// Nothing that is derived may drop this mark.
    public var isSimulated: Bool
    /// Mechanical and thermal index as declared by the probe, thousandths; `nil` = not declared.
    public var declaredMechanicalIndexPerMille: UInt16?
    /// Thermal index as declared by the probe, thousandths; `nil` = not declared.
    public var declaredThermalIndexPerMille: UInt16?

    /// An origin from its fields.
    public init(
        specifier: String, device: String, profileID: String?, isSimulated: Bool,
        declaredMechanicalIndexPerMille: UInt16? = nil, declaredThermalIndexPerMille: UInt16? = nil
    ) {
        self.specifier = specifier
        self.device = device
        self.profileID = profileID
        self.isSimulated = isSimulated
        self.declaredMechanicalIndexPerMille = declaredMechanicalIndexPerMille
        self.declaredThermalIndexPerMille = declaredThermalIndexPerMille
    }
}

/// What was counted between the probe and the decoded frames.
public struct LinkCounters: Sendable, Hashable, Codable {
    /// Good frames delivered, of every kind.
    public var frames: UInt64 = 0
    /// Places where the stream was damaged; one stretch may count more than once.
    public var bad: UInt64 = 0
    /// Good packets of a type that this version does not know.
    public var unknown: UInt64 = 0
    /// Packets missing by their sequence numbers.
    public var lostPackets: UInt64 = 0
    /// Packets that had come before.
    public var repeated: UInt64 = 0
    /// 1 when bytes were left over at the end.
    public var cutOff: UInt64 = 0
    /// I/Q pulses that are missing by their pulse index.
    public var missingPulses: UInt64 = 0
    /// I/Q pulses delivered.
    public var pulses: UInt64 = 0
    /// Transfers that failed on USB and were repeated.
    public var failedTransfers: UInt64 = 0
    /// Packets of every kind that the probe itself says it had to drop; `nil` when it did not or could not say.
    public var droppedByProbe: UInt64?
    /// How much faster the probe's clock runs than the host's, parts in a million; `nil` when it was not measured.
    public var clockDriftPartsPerMillion: Double?

    /// Nothing counted.
    public init() {}
}

/// Why a source could not be used.
public enum SourceError: Error, Sendable, Equatable {
    /// The probe or the way to it.
    case link(TransportError)
    /// The content of a file, with its name and what is wrong where.
    case data(file: String, problem: String)
    /// The file could not be read.
    case storage(file: String, problem: String)
}

extension SourceError: CustomStringConvertible {
    /// What happened, where, and what to do next.
    public var description: String {
        switch self {
        case .link(let error): error.description
        case .data(let file, let problem): "\(file): \(problem)"
        case .storage(let file, let problem): "\(file): \(problem)"
        }
    }
}

/// Why a run ended early, with everything that was counted before.
public struct SourceRunError: Error, Sendable {
    /// The reason.
    public var reason: SourceError
    /// The counts up to the end.
    public var counters: LinkCounters

    /// An early end from its reason and counts.
    public init(_ reason: SourceError, counters: LinkCounters) {
        self.reason = reason
        self.counters = counters
    }
}
