internal import Glibc

/// liblsl, loaded while the program runs: the user brings it, nothing links against it.
///
/// The functions and their types are those of liblsl's `lsl_c.h` (liblsl 1.13 to 1.18).
public struct LSLLibrary: Sendable {
    /// The variable that names the library's file.
    public static let environmentName = "DOPPLERBRIDGE_LSL"
    /// The names that are tried where none is given: as the releases, conda and older packages call it.
    static let usualNames = ["liblsl.so", "liblsl.so.2", "liblsl64.so"]
    /// How far the library's clock may be off the host's (project choice: far more than two calls take).
    private static let mostClockDifferenceSeconds = 0.001

    typealias Handle = OpaquePointer
    typealias CreateInfo =
        @convention(c) @Sendable (
            UnsafePointer<CChar>, UnsafePointer<CChar>, Int32, Double, Int32, UnsafePointer<CChar>
        ) -> OpaquePointer?
    typealias OfInfo = @convention(c) @Sendable (OpaquePointer) -> OpaquePointer?
    typealias AppendChild = @convention(c) @Sendable (OpaquePointer, UnsafePointer<CChar>) -> OpaquePointer?
    typealias AppendValue =
        @convention(c) @Sendable (OpaquePointer, UnsafePointer<CChar>, UnsafePointer<CChar>) -> OpaquePointer?
    typealias CreateOutlet = @convention(c) @Sendable (OpaquePointer, Int32, Int32) -> OpaquePointer?
    typealias Destroy = @convention(c) @Sendable (OpaquePointer) -> Void
    typealias PushFloats =
        @convention(c) @Sendable (
            OpaquePointer, UnsafePointer<Float>, UInt, UnsafePointer<Double>, Int32
        ) -> Int32
    typealias PushDoubles =
        @convention(c) @Sendable (
            OpaquePointer, UnsafePointer<Double>, UInt, UnsafePointer<Double>, Int32
        ) -> Int32
    typealias PushText =
        @convention(c) @Sendable (OpaquePointer, UnsafePointer<UnsafePointer<CChar>?>, Double, Int32) -> Int32
    typealias Clock = @convention(c) @Sendable () -> Double
    typealias OfOutlet = @convention(c) @Sendable (OpaquePointer) -> Int32
    typealias Version = @convention(c) @Sendable () -> Int32

    /// The file that was loaded, as it was named.
    public let path: String
    /// The library's version, 118 for 1.18.
    public let version: Int
    let createInfo: CreateInfo
    let destroyInfo: Destroy
    let description: OfInfo
    let appendChild: AppendChild
    let appendValue: AppendValue
    let createOutlet: CreateOutlet
    let destroyOutlet: Destroy
    let pushFloats: PushFloats
    let pushDoubles: PushDoubles
    let pushText: PushText
    let localClock: Clock
    let haveConsumers: OfOutlet

    /// Loads the library.
    ///
    /// - Parameters:
    ///   - named: the file that the user named; `nil` tries the usual names.
    ///   - monotonicSeconds: the host's monotonic clock, which the library's must be.
    /// - Throws: what is missing, and what to do.
    public init(named: String?, monotonicSeconds: () -> Double) throws(LSLError) {
        let (handle, path) = try Self.open(named)
        self.path = path
        let version: Version = try Self.symbol("lsl_library_version", handle, path)
        self.version = Int(version())
        createInfo = try Self.symbol("lsl_create_streaminfo", handle, path)
        destroyInfo = try Self.symbol("lsl_destroy_streaminfo", handle, path)
        description = try Self.symbol("lsl_get_desc", handle, path)
        appendChild = try Self.symbol("lsl_append_child", handle, path)
        appendValue = try Self.symbol("lsl_append_child_value", handle, path)
        createOutlet = try Self.symbol("lsl_create_outlet", handle, path)
        destroyOutlet = try Self.symbol("lsl_destroy_outlet", handle, path)
        pushFloats = try Self.symbol("lsl_push_chunk_ftnp", handle, path)
        pushDoubles = try Self.symbol("lsl_push_chunk_dtnp", handle, path)
        pushText = try Self.symbol("lsl_push_sample_strtp", handle, path)
        localClock = try Self.symbol("lsl_local_clock", handle, path)
        haveConsumers = try Self.symbol("lsl_have_consumers", handle, path)
        let before = monotonicSeconds()
        let theirs = localClock()
        let after = monotonicSeconds()
        let offset = theirs < before ? theirs - before : max(0, theirs - after)
        guard abs(offset) <= Self.mostClockDifferenceSeconds else {
            throw .otherClock(path: path, offsetSeconds: offset)
        }
    }

    private static func open(_ named: String?) throws(LSLError) -> (handle: UnsafeMutableRawPointer, path: String) {
        // A bare name is looked for in the folder first, and then where the loader looks.
        let names = named.map { $0.contains("/") ? [$0] : ["./" + $0, $0] } ?? usualNames
        for name in names {
            if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) { return (handle, name) }
        }
        guard let named else { throw .notFound(tried: names) }
        throw .notLoaded(path: named, reason: dlerror().map { String(cString: $0) } ?? "no reason given")
    }

    private static func symbol<Function>(
        _ name: String, _ handle: UnsafeMutableRawPointer, _ path: String
    ) throws(LSLError) -> Function {
        guard let address = dlsym(handle, name) else { throw .symbolMissing(path: path, symbol: name) }
        return unsafeBitCast(address, to: Function.self)
    }
}
