/// Whoever answers behind the server: it gets requests and live connections of known visitors only.
public protocol WebDesk: Sendable {
    /// Answers one request.
    func answer(_ request: WebRequest) async -> WebAnswer

    /// A browser opened its live connection.
    func opened(_ listener: any LiveListener) async

    /// A live connection ended, however it did.
    func closed(_ listener: any LiveListener) async
}

/// One browser's live connection.
///
/// What is offered is sent as the browser takes it, and never waited for.
public protocol LiveListener: Sendable {
    /// Counted from 1 since the server's start.
    var id: UInt64 { get }
    /// Who listens.
    var visitor: VisitorID { get }

    /// Offers an event (JSON). Events are never dropped: a browser that lets too many pile up is cut off.
    func offer(event: String)

    /// Offers a piece of the live picture or sound.
    ///
    /// - Returns: whether it is kept to be sent; a browser that is too slow misses it, and that is counted.
    @discardableResult
    func offer(piece: [UInt8]) -> Bool

    /// Pieces that this browser has missed.
    var missedPieces: UInt64 { get }
}
