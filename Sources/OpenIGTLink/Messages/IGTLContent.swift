/// What a message says, by its type.
public enum IGTLContent: Sendable, Hashable {
    /// `IMAGE`: a picture or a spectrum.
    case image(IGTLImage)
    /// `STRING`: at most 65 535 bytes of UTF-8.
    case string(String)
    /// `STATUS`: how the sender is.
    case status(IGTLStatus)
    /// `SENSOR`: at most 255 values of one unit.
    case sensor(IGTLSensor)
    /// `NDARRAY`: numbers with a shape.
    case array(IGTLArray)
    /// `COMMAND`: something to do; protocol 3.
    case command(IGTLCommandText)
    /// `RTS_COMMAND`: the answer to one; protocol 3.
    case commandReply(IGTLCommandText)
    /// `CAPABILITY`: the types of message that the sender knows.
    case capability([String])
    /// `GET_` and a type (at most 8 characters): asks for the newest message of that type.
    case get(String)
    /// A message of a type that is not read here: its type and its content's size, bytes. It cannot be encoded.
    case other(type: String, bytes: Int)

    /// The type as it stands in the header.
    public var typeName: String {
        switch self {
        case .image: "IMAGE"
        case .string: "STRING"
        case .status: "STATUS"
        case .sensor: "SENSOR"
        case .array: "NDARRAY"
        case .command: "COMMAND"
        case .commandReply: "RTS_COMMAND"
        case .capability: "CAPABILITY"
        case .get(let type): "GET_\(type)"
        case .other(let type, _): type
        }
    }
}

/// The text of a `COMMAND` or of its answer, before anyone read it.
public struct IGTLCommandText: Sendable, Hashable {
    /// The asker's number; the answer repeats it.
    public var id: UInt32
    /// The command's name: at most 127 bytes of UTF-8.
    public var name: String
    /// XML.
    public var text: String

    /// A text with its number and name.
    public init(id: UInt32, name: String, text: String) {
        self.id = id
        self.name = name
        self.text = text
    }
}
