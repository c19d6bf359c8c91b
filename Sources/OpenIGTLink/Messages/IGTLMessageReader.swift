/// Takes bytes as they come from a connection and gives whole messages.
///
/// After an error it gives nothing more: there is no way back to a message's begin.
public struct IGTLMessageReader: Sendable {
    /// A reader that refuses bodies beyond a limit.
    public init(mostBodyBytes: Int) {}

    /// Adds bytes.
    public mutating func append(_ bytes: [UInt8]) {}

    /// The next whole message with its header's version; `nil` until more bytes came.
    public mutating func next() throws(IGTLError) -> (message: IGTLMessage, version: IGTLHeaderVersion)? { nil }
}
