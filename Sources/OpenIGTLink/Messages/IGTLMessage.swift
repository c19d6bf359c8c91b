/// One OpenIGTLink message: who says what, and when.
///
/// Source of every layout in this module: the protocol's pages, `Documents/Protocol` of openigtlink/OpenIGTLink,
/// version 3; header version 1 is what version 2 of the protocol and pyigtl speak by default.
public struct IGTLMessage: Sendable, Hashable {
    /// Which stream it belongs to: printable ASCII, at most 20 characters.
    ///
    /// pyigtl keeps only the newest message of a name, whatever its type: give each stream its own.
    public var deviceName: String
    /// When its content was measured; `.unused` where that means nothing.
    public var time: IGTLTime
    /// What it says.
    public var content: IGTLContent
    /// Pairs beside the content, in order, at most 255; only header version 2 carries them.
    public var metadata: [IGTLMetadata]
    /// A number of the sender's choice; only header version 2 carries it.
    public var messageID: UInt32

    /// A message of its parts; whether they fit the protocol is found when it is encoded.
    public init(
        _ deviceName: String, at time: IGTLTime = .unused, _ content: IGTLContent, metadata: [IGTLMetadata] = [],
        messageID: UInt32 = 0
    ) {
        self.deviceName = deviceName
        self.time = time
        self.content = content
        self.metadata = metadata
        self.messageID = messageID
    }
}

/// A key and its text beside a message's content.
public struct IGTLMetadata: Sendable, Hashable {
    /// At most 65 535 bytes of UTF-8.
    public var key: String
    /// At most 65 535 bytes of UTF-8.
    public var value: String

    /// A pair.
    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}

/// The two layouts of a message's head.
public enum IGTLHeaderVersion: UInt16, Sendable, Hashable {
    /// Protocol 1 and 2: no metadata.
    case one = 1
    /// Protocol 3: with an extended header.
    case two = 2
}
