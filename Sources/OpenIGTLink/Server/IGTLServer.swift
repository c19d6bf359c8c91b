internal import Synchronization

/// An OpenIGTLink server on threads of its own: everything published goes to every client, and a command comes back.
///
/// `publish` never waits for a client: what a client does not read in time is lost to it as whole messages, is counted and is
/// told to it where the gap is, in a `STATUS` (code `.overflow`, name `LOST`, the sum so far as subcode) before the next
/// message, and with header version 2 as metadata `lost` of every message.
public final class IGTLServer: Sendable {
    /// Where it listens.
    public let port: UInt16

    /// Listens at once.
    ///
    /// - Parameters:
    ///   - settings: where, and the limits.
    ///   - perform: what a command does. Called on a thread of the server, one command after the other, while publishing
    ///     goes on; it must return.
    /// - Throws: `.cannotListen`; `.badName` of the settings' device name.
    public init(
        _ settings: IGTLServerSettings = IGTLServerSettings(),
        perform: @escaping @Sendable (IGTLCommand) -> IGTLReply
    ) throws(IGTLError) {
        throw .cannotListen(address: settings.address, port: settings.port, reason: "not yet")
    }

    /// Offers a message to every client; never waits for one. Also keeps it, to answer `GET_` and its type.
    ///
    /// - Throws: when the message does not fit the protocol; then no client gets it.
    public func publish(_ message: IGTLMessage) throws(IGTLError) {}

    /// What was done so far.
    public var counts: IGTLServerCounts { IGTLServerCounts() }

    /// Takes no more, gives clients some time to read what waits for them, closes all, and ends the threads.
    ///
    /// It also waits for a command that is being performed. A second call returns the same counts.
    ///
    /// - Parameter drainSeconds: how long clients may go on reading.
    @discardableResult
    public func end(drainSeconds: Double = 0) -> IGTLServerCounts { counts }
}
