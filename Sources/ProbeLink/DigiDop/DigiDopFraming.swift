/// Finds the 17-byte frames of a DigiDop by their sync byte, and goes on after damage.
///
/// It knows bytes and places alone: whoever drives it asks for what it finds, one thing at a time.
struct DigiDopFraming: Sendable {
    /// What begins a frame (published host program).
    static let syncByte: UInt8 = 0xAA
    /// Bytes of a frame: the sync byte, then I and Q of two gates, 32 bits each.
    static let frameByteCount = 17
    /// How often the sync byte must be seen again, 17 bytes on, before a beginning is believed (project choice: in
    /// noise once in 2^64, and a Doppler signal seldom stands still for nine pulses).
    static let confirmations = 8
    /// How often where a stretch of bytes begins with a sync byte, and where nothing more follows; that the bytes end
    /// with a frame counts as once (project choice: an isochronous packet holds few frames, and begins with one).
    private static let confirmationsAtEnds = 2

    /// What was found.
    enum Found: Equatable {
        /// A frame, by the place of its first byte among the held; behind it so many pulses are damaged.
        case pulse(at: Int, damagedAfter: Int)
        /// The frames begin again after so many bytes that belong to no frame, 0 where they go on at once.
        case resumed(afterBytes: Int)
    }

    private enum State {
        /// A frame begins at the first byte that is left.
        case following
        /// It does, but the next one does not begin where it should.
        case doubting
        /// No frame is known.
        case searching
    }

    /// The bytes that are not done with, and some that are.
    private(set) var held: [UInt8] = []
    private var start = 0
    private var state = State.searching
    /// Bytes since the last frame that belong to none.
    private var passedOver = 0

    /// Takes the next bytes.
    mutating func append(_ bytes: RawSpan) {
        held.removeFirst(start)
        start = 0
        bytes.withUnsafeBytes { held.append(contentsOf: $0) }
    }

    /// The next thing that is found; `nil` when more bytes are needed.
    ///
    /// - Parameter isEnd: nothing follows these bytes.
    mutating func next(isEnd: Bool) -> Found? {
        while true {
            switch state {
            case .following:
                let left = held.count - start
                if left > Self.frameByteCount, held[start + Self.frameByteCount] != Self.syncByte {
                    state = .doubting
                } else if left > Self.frameByteCount || (isEnd && left == Self.frameByteCount) {
                    start += Self.frameByteCount
                    return .pulse(at: start - Self.frameByteCount, damagedAfter: 0)
                } else {
                    return nil
                }
            case .doubting:
                // Either just the next sync byte is damaged and all goes on behind it, or bytes are missing.
                let next = start + 2 * Self.frameByteCount
                guard let goesOn = framesBegin(at: next, again: Self.confirmations, isEnd: isEnd) else { return nil }
                if goesOn {
                    defer { start = next }
                    state = .following
                    return .pulse(at: start, damagedAfter: 1)
                }
                passOver()
                state = .searching
            case .searching:
                let again = passedOver == 0 ? Self.confirmationsAtEnds : Self.confirmations
                guard start < held.count, let isFound = framesBegin(at: start, again: again, isEnd: isEnd) else {
                    return nil
                }
                if isFound {
                    state = .following
                    defer { passedOver = 0 }
                    return .resumed(afterBytes: passedOver)
                }
                passOver()
            }
        }
    }

    /// Forgets what is left at the end of a stretch of bytes, after everything was found.
    ///
    /// - Returns: bytes of an unfinished frame, and bytes that belong to no frame.
    mutating func endStretch() -> (unfinished: Int, passedOver: Int) {
        let left = held.count - start
        let ended = state == .searching ? (0, passedOver + left) : (left, passedOver)
        held.removeAll(keepingCapacity: true)
        start = 0
        passedOver = 0
        state = .searching
        return ended
    }

    private mutating func passOver() {
        start += 1
        passedOver += 1
    }

    /// Whether frame after frame begins from a place on; `nil` when more bytes must be seen.
    ///
    /// - Parameter count: how often the sync byte must be seen again.
    private func framesBegin(at first: Int, again count: Int, isEnd: Bool) -> Bool? {
        var place = first
        for _ in 0...count {
            guard place < held.count else {
                guard isEnd else { return nil }
                let seen = (place - first) / Self.frameByteCount - 1
                return seen + (place == held.count ? 1 : 0) >= Self.confirmationsAtEnds
            }
            guard held[place] == Self.syncByte else { return false }
            place += Self.frameByteCount
        }
        return true
    }
}
