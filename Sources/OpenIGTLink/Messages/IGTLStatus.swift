/// How the sender is, as `STATUS` carries it.
public struct IGTLStatus: Sendable, Hashable {
    /// The protocol's codes.
    public struct Code: Sendable, Hashable, RawRepresentable {
        /// The number on the wire.
        public var rawValue: UInt16
        /// Takes any number: a peer's is kept as it came.
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// All is well.
        public static let ok = Code(rawValue: 1)
        /// An error that has no code of its own.
        public static let unknownError = Code(rawValue: 2)
        /// What was asked for is not there.
        public static let notFound = Code(rawValue: 4)
        /// Too much to do already.
        public static let busy = Code(rawValue: 6)
        /// Something took too long, or a connection ended.
        public static let timeout = Code(rawValue: 7)
        /// Too much came: something was lost.
        public static let overflow = Code(rawValue: 8)
        /// An instruction that is not known here.
        public static let unknownInstruction = Code(rawValue: 12)
        /// Not ready yet.
        public static let notReady = Code(rawValue: 13)
        /// The device failed.
        public static let hardwareFailure = Code(rawValue: 18)
        /// It ends.
        public static let shutDown = Code(rawValue: 19)
    }

    /// One of the protocol's codes.
    public var code: Code
    /// A number of the sender's own; with `.overflow` and the name `LOST` how many messages this client lost so far.
    public var subcode: Int64
    /// Printable ASCII, at most 20 characters.
    public var name: String
    /// Words.
    public var words: String

    /// A status of its parts.
    public init(_ code: Code, subcode: Int64 = 0, name: String = "", _ words: String) {
        self.code = code
        self.subcode = subcode
        self.name = name
        self.words = words
    }
}
