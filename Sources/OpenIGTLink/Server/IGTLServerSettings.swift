/// Where a server listens, and the limits that keep a client from harming it (project choices but for the port).
public struct IGTLServerSettings: Sendable, Hashable {
    /// A numeric IPv4 or IPv6 address; the default is this computer alone: the protocol has no encryption and no login.
    public var address = "127.0.0.1"
    /// The port that IANA gave to OpenIGTLink; 0 takes a free one.
    public var port: UInt16 = 18944
    /// The device name of the server's own messages: losses, answers.
    public var deviceName = "DopplerBridge"
    /// How many clients are served at once; the next is told `busy` and closed.
    public var mostClients = 8
    /// How many published messages may wait for one client; beyond it the oldest are lost to that client, and counted.
    public var mostQueuedMessages = 1024
    /// How many bytes of them; at least one message is always kept.
    public var mostQueuedBytes = 16 << 20
    /// How many answers may wait for one client, 1 or more; while so many do, it is not read.
    public var mostQueuedReplies = 16
    /// How large the body of a client's message may be.
    public var mostIncomingBodyBytes = 128 << 10
    /// How long a client may take for one message of its own, seconds.
    public var messageSeconds = 10.0
    /// How long a client may read nothing while something waits for it, seconds.
    public var stallSeconds = 60.0

    /// The defaults.
    public init() {}
}
