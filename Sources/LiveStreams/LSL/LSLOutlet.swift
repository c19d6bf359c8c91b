/// One stream of the Lab Streaming Layer; it is there until this object goes.
final class LSLOutlet: Sendable {
    /// How the values are stored (`lsl_channel_format_t`).
    enum Format: Int32 {
        case float32 = 1
        case double64 = 2
        case string = 3
    }

    /// What a stream is.
    struct Description {
        var name: String
        var type: String
        /// Label and unit of each channel.
        var channels: [(label: String, unit: String)]
        /// Samples a second; 0 = irregular.
        var rateHz: Double
        var format: Format
        /// The same for the same source, so that a client finds it again.
        var sourceID: String
        /// What else is said of it.
        var facts: [(String, String)]
        /// How much waits for a client at most: seconds, or hundreds of samples of an irregular stream.
        var mostBuffered: Int32
    }

    private let library: LSLLibrary
    // Sound: set once; liblsl's outlets may be used from any thread, and this one is destroyed once, with the object.
    private nonisolated(unsafe) let handle: LSLLibrary.Handle
    let channels: Int

    init(_ wanted: Description, _ library: LSLLibrary) throws(LSLError) {
        self.library = library
        channels = wanted.channels.count
        guard
            let info = library.createInfo(
                wanted.name, wanted.type, Int32(wanted.channels.count), wanted.rateHz, wanted.format.rawValue,
                wanted.sourceID)
        else { throw .noOutlet(name: wanted.name) }
        defer { library.destroyInfo(info) }
        Self.describe(wanted, info, library)
        guard let outlet = library.createOutlet(info, 0, wanted.mostBuffered) else {
            throw .noOutlet(name: wanted.name)
        }
        handle = outlet
    }

    deinit { library.destroyOutlet(handle) }

    /// Fills the description as XDF's conventions and this program's XDF files have it.
    private static func describe(_ wanted: Description, _ info: OpaquePointer, _ library: LSLLibrary) {
        guard let root = library.description(info) else { return }
        if let channels = library.appendChild(root, "channels") {
            for channel in wanted.channels {
                guard let node = library.appendChild(channels, "channel") else { continue }
                _ = library.appendValue(node, "label", channel.label)
                _ = library.appendValue(node, "unit", channel.unit)
            }
        }
        if let node = library.appendChild(root, "dopplerbridge") {
            for (name, value) in wanted.facts { _ = library.appendValue(node, name, value) }
        }
    }

    /// Whether anybody reads it now.
    var isRead: Bool { library.haveConsumers(handle) != 0 }

    /// Hands on samples, each with its own stamp; the library never waits for a client.
    ///
    /// - Returns: whether the library took them.
    func push(_ values: [Float], stamps: [Double]) -> Bool {
        guard values.count == stamps.count * channels else { return false }
        return stamps.isEmpty || library.pushFloats(handle, values, UInt(values.count), stamps, 1) == 0
    }

    /// The same with double precision.
    func push(_ values: [Double], stamps: [Double]) -> Bool {
        guard values.count == stamps.count * channels else { return false }
        return stamps.isEmpty || library.pushDoubles(handle, values, UInt(values.count), stamps, 1) == 0
    }

    /// Hands on a text.
    ///
    /// - Returns: whether the library took it.
    func push(_ text: String, stamp: Double) -> Bool {
        text.withCString { pointer in
            var item: UnsafePointer<CChar>? = pointer
            return library.pushText(handle, &item, stamp, 1) == 0
        }
    }
}
