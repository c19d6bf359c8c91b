/// What a server did so far.
///
/// At every moment `offered == sent + lost + queued + unsent`, for each client and for all.
public struct IGTLServerCounts: Sendable, Hashable {
    /// Messages that were published.
    public var published: UInt64 = 0
    /// Published messages, each as often as there were clients.
    public var offered: UInt64 = 0
    /// Of them, handed whole to the system for the client.
    public var sent: UInt64 = 0
    /// Of them, overtaken because the client read too slowly; it is told.
    public var lost: UInt64 = 0
    /// Of them, waiting.
    public var queued: UInt64 = 0
    /// Of them, still waiting when the connection ended.
    public var unsent: UInt64 = 0
    /// Connections that became clients.
    public var accepted: UInt64 = 0
    /// Connections that were closed because there were clients enough.
    public var refused: UInt64 = 0
    /// Connections that could not be taken for want of descriptors or memory.
    public var acceptFailures: UInt64 = 0
    /// Commands that the owner was asked to perform.
    public var commands: UInt64 = 0
    /// Commands that were not understood and were answered with the reason.
    public var refusedCommands: UInt64 = 0
    /// Whole messages of clients that ask for nothing (`TRANSFORM` and the like).
    public var ignored: UInt64 = 0
    /// Connections that ended, by reason.
    public var ended: [IGTLClientEnd: UInt64] = [:]
    /// The clients that are connected, and the last 64 that were.
    public var clients: [IGTLClientCounts] = []
}

/// What was done for one client.
public struct IGTLClientCounts: Sendable, Hashable {
    /// The server's number of it, from 1.
    public var id: UInt64
    /// Its address and port.
    public var address: String
    /// What it is spoken to in: version 1 until it speaks version 2.
    public var headerVersion = IGTLHeaderVersion.one
    /// Published messages while it was there.
    public var offered: UInt64 = 0
    /// Of them, handed whole to the system.
    public var sent: UInt64 = 0
    /// Of them, overtaken.
    public var lost: UInt64 = 0
    /// Of them, waiting.
    public var queued: UInt64 = 0
    /// Of them, still waiting when the connection ended.
    public var unsent: UInt64 = 0
    /// Its commands that the owner was asked to perform.
    public var commands: UInt64 = 0
    /// Why it is gone; `nil` while it is there.
    public var end: IGTLClientEnd?
}

/// Why a connection ended.
public enum IGTLClientEnd: String, Sendable, Hashable, CaseIterable {
    /// The client closed it.
    case closed
    /// The server ended.
    case serverEnded
    /// A message with a wrong checksum.
    case wrongChecksum
    /// A message that is larger than is taken.
    case tooLarge
    /// Bytes that are no OpenIGTLink message.
    case malformed
    /// A message that was begun and did not end in time.
    case halfMessage
    /// Nothing was read for too long.
    case stalled
    /// The network failed.
    case failed
}
