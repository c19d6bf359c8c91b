/// What waits for one browser: events in order, all of them, and the newest pieces.
struct OutgoingQueue {
    /// One thing to send.
    enum Item: Hashable {
        case event(String)
        case piece([UInt8])
    }

    /// Items that were sent and still stand in front: then the rest moves up, so that a queue that is never empty does not
    /// grow (project choice).
    private static let mostSent = 64

    private let limits: ServerLimits
    private var events: [String] = []
    private var sentEvents = 0
    private(set) var eventBytes = 0
    private var pieces: [[UInt8]] = []
    private var sentPieces = 0
    private(set) var pieceBytes = 0
    /// Pieces that were dropped.
    private(set) var missedPieces: UInt64 = 0
    /// Whether too many events piled up: the browser is to be cut off.
    private(set) var isOverrun = false

    init(limits: ServerLimits) { self.limits = limits }

    /// Adds an event; one too many empties the queue for good.
    mutating func add(event: String) {
        guard !isOverrun else { return }
        events.append(event)
        eventBytes += event.utf8.count
        guard events.count - sentEvents > limits.pendingEvents || eventBytes > limits.pendingEventBytes else { return }
        isOverrun = true
        clear()
    }

    /// Adds a piece, for which the oldest give way.
    ///
    /// - Returns: whether it is kept.
    mutating func add(piece: [UInt8]) -> Bool {
        guard !isOverrun, piece.count <= limits.pendingPieceBytes else {
            missedPieces += 1
            return false
        }
        pieces.append(piece)
        pieceBytes += piece.count
        while pieceBytes > limits.pendingPieceBytes {
            _ = nextPiece()
            missedPieces += 1
        }
        return true
    }

    /// The next thing to send: events first, since they are few and say what the pieces are of.
    mutating func next() -> Item? {
        if sentEvents < events.count {
            let event = events[sentEvents]
            eventBytes -= event.utf8.count
            sentEvents += 1
            if sentEvents == events.count || sentEvents >= Self.mostSent {
                events.removeFirst(sentEvents)
                sentEvents = 0
            }
            return .event(event)
        }
        return nextPiece().map(Item.piece)
    }

    var isEmpty: Bool { sentEvents == events.count && sentPieces == pieces.count }

    /// Forgets everything; what was not sent counts as missed.
    mutating func clear() {
        missedPieces += UInt64(pieces.count - sentPieces)
        (events, sentEvents, eventBytes) = ([], 0, 0)
        (pieces, sentPieces, pieceBytes) = ([], 0, 0)
    }

    private mutating func nextPiece() -> [UInt8]? {
        guard sentPieces < pieces.count else { return nil }
        let piece = pieces[sentPieces]
        pieces[sentPieces] = []
        pieceBytes -= piece.count
        sentPieces += 1
        if sentPieces == pieces.count || sentPieces >= Self.mostSent {
            pieces.removeFirst(sentPieces)
            sentPieces = 0
        }
        return piece
    }
}
