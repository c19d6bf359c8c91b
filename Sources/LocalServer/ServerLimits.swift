/// How much one browser may ask of the server; every figure is a project choice unless it says otherwise.
public struct ServerLimits: Sendable, Hashable {
    /// Connections at a time.
    ///
    /// For one more, the oldest gives way that has shown no cookie; where all have, it is answered 503 while they go on.
    public var connections = 64
    /// Request line and header fields together, in bytes.
    public var requestHeadBytes = 16 * 1024
    /// Header fields of one request.
    public var headerFields = 64
    /// The body of one request, in bytes.
    public var bodyBytes = 1 << 20
    /// Seconds from a connection's begin, or a request's first byte, to the end of its header.
    public var headSeconds = 10.0
    /// Seconds from the header's end to the body's.
    public var bodySeconds = 30.0
    /// Seconds that a connection may lie idle between two requests.
    public var idleSeconds = 60.0
    /// Seconds that the desk has for an answer; then 503 is sent.
    public var answerSeconds = 60.0
    /// Seconds that a browser has to take an answer.
    public var sendSeconds = 60.0
    /// Seconds for which input is discarded after a refusal, so that the refusal arrives.
    public var lingerSeconds = 1.0
    /// One-time links that wait to be used; the oldest gives way.
    public var links = 8
    /// Seconds for which a one-time link is valid.
    public var linkSeconds = 300.0
    /// Browsers that are known at a time; the one that was away longest gives way.
    public var visitors = 32
    /// Seconds without any request or live connection after which a browser is forgotten: a working day.
    public var visitorIdleSeconds = 12.0 * 3600
    /// Live connections at a time.
    public var liveConnections = 16
    /// One frame that a browser sends over its live connection, in bytes.
    public var clientFrameBytes = 4096
    /// One message that a browser sends in fragments, in bytes.
    public var clientMessageBytes = 16 * 1024
    /// Frames that a browser may send in one second.
    public var clientFramesPerSecond = 100
    /// Seconds between two pings; a browser that answered none in that time is cut off.
    public var pingSeconds = 15.0
    /// Pieces that wait for one browser, in bytes: about a second of picture and sound.
    ///
    /// The newest win.
    public var pendingPieceBytes = 2 << 20
    /// Events that wait for one browser; one more and it is cut off.
    public var pendingEvents = 1000
    /// Events that wait for one browser, in bytes; one more and it is cut off.
    public var pendingEventBytes = 1 << 20

    /// The limits as they are stated at each.
    public init() {}
}
