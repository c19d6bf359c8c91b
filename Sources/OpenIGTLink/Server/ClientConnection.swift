/// A client's connection, used by the network thread alone.
final class ClientConnection {
    let id: UInt64
    let socket: Int32
    private let hub: ServerHub
    private let desk: ClientDesk
    private var reader: IGTLMessageReader
    /// What is being written, and how much of it is.
    private var outgoing: [UInt8] = []
    private var written = 0
    /// Where in it the published messages end.
    private var ends: ArraySlice<Int> = []
    /// When the message that is being read began; `nil` between messages.
    private var begun: ContinuousClock.Instant?
    /// Since when something waits and nothing was taken; `nil` where nothing waits.
    private var waiting: ContinuousClock.Instant?
    /// Why it ends; it is closed at the end of the thread's round.
    private(set) var end: IGTLClientEnd?

    /// How much is written to one client before the others have their turn, bytes (project choice).
    private static let bytesOfTurn = 1 << 20

    init(_ id: UInt64, _ socket: Int32, _ hub: ServerHub) {
        self.id = id
        self.socket = socket
        self.hub = hub
        desk = ClientDesk(hub: hub)
        reader = IGTLMessageReader(mostBodyBytes: hub.settings.mostIncomingBodyBytes)
    }

    /// Whether it is read: what it asked for before is answered.
    var wantsInput: Bool { end == nil && hub.mayAsk(id) }

    var wantsOutput: Bool { end == nil && (written < outgoing.count || hub.hasOutgoing(id)) }

    /// Reads once what came.
    func read(_ buffer: inout [UInt8]) {
        switch Sockets.read(socket, into: &buffer) {
        case .bytes(let bytes): reader.append(bytes)
        case .nothing: break
        case .closed: end = .closed
        case .failed: end = .failed
        }
    }

    /// Takes note that it is gone, whether it is read at the moment or not.
    func wasCutOff() { end = end ?? .failed }

    /// Takes the whole messages that were read, as long as their answers have room.
    func takeMessages(_ now: ContinuousClock.Instant) {
        do throws(IGTLError) {
            while end == nil, hub.mayAsk(id), let (message, version) = try reader.next() {
                begun = nil
                hub.speaks(id, version)
                desk.take(message, from: id)
            }
        } catch {
            refuse(error)
        }
        begun = reader.isInsideMessage ? begun ?? now : nil
        // A message that waits here for room is whole, or as if: its time runs when the client is read again.
        if !hub.mayAsk(id) { begun = nil }
    }

    /// Says why, if there is room, and ends.
    private func refuse(_ error: IGTLError) {
        let code: IGTLStatus.Code
        switch error {
        case .wrongChecksum: (end, code) = (.wrongChecksum, IGTLStatus.Code(rawValue: 9))
        case .bodyTooLarge: (end, code) = (.tooLarge, .overflow)
        default: (end, code) = (.malformed, .unknownInstruction)
        }
        // In the middle of a message there is no place for words.
        guard written == outgoing.count else { return }
        write(ClientDesk.status(code, "\(error)", hub.settings))
    }

    /// Writes what fits now.
    func write() {
        var left = Self.bytesOfTurn
        while end == nil, left > 0 {
            if written == outgoing.count, !takeNext() { break }
            guard let count = Sockets.write(socket, outgoing[written...]) else {
                end = .failed
                return
            }
            guard count > 0 else { return }
            waiting = nil
            left -= count
            written += count
            let whole = ends.prefix { $0 <= written }.count
            ends = ends.dropFirst(whole)
            if whole > 0 { hub.wereSent(UInt64(whole), to: id) }
        }
    }

    /// Puts the next messages into `outgoing`; false where none waits.
    private func takeNext() -> Bool {
        let batch = hub.takeOutgoing(id)
        outgoing = []
        written = 0
        var places: [Int] = []
        do throws(IGTLError) {
            for next in batch {
                switch next.what {
                case .reply(.message(let message)): outgoing += try message.encoded(next.version)
                case .reply(.published(let message)): outgoing += try message.bytes(next.version, lost: next.lost)
                case .published(let message, let tellsLoss):
                    if tellsLoss { outgoing += try loss(next.lost).encoded(next.version) }
                    outgoing += try message.bytes(next.version, lost: next.lost)
                    places.append(outgoing.count)
                }
            }
        } catch {
            // Every message was encoded once before it came here, so this is a fault of the server: it says so.
            end = .failed
            outgoing = []
        }
        ends = places[...]
        return end == nil && !batch.isEmpty
    }

    private func loss(_ sum: UInt64) -> IGTLMessage {
        ClientDesk.status(
            .overflow, subcode: Int64(clamping: sum), name: "LOST",
            "\(sum) messages lost so far: this client reads too slowly", hub.settings)
    }

    private func write(_ message: IGTLMessage) {
        do throws(IGTLError) {
            _ = Sockets.write(socket, try message.encoded()[...])
        } catch {
            // The reason is in the server's counts; the client only loses the words.
        }
    }

    /// When it has been too slow, should nothing happen; `nil` where nothing is waited for.
    var deadline: ContinuousClock.Instant? {
        let half = begun.map { $0.advanced(by: .bounded(seconds: hub.settings.messageSeconds)) }
        let stall = waiting.map { $0.advanced(by: .bounded(seconds: hub.settings.stallSeconds)) }
        guard let half, let stall else { return half ?? stall }
        return min(half, stall)
    }

    /// Ends it where it has been too slow.
    func checkDeadlines(_ now: ContinuousClock.Instant) {
        // Also where nothing was tried: the system may say that there is no room before it has refused a byte.
        waiting = wantsOutput ? waiting ?? now : nil
        guard end == nil, let deadline, now >= deadline else { return }
        let isHalf = begun.map { now >= $0.advanced(by: .bounded(seconds: hub.settings.messageSeconds)) } ?? false
        end = isHalf ? .halfMessage : .stalled
    }

    /// Closes it and tells the hub.
    func close(_ reason: IGTLClientEnd, _ buffer: inout [UInt8]) {
        Sockets.closeGently(socket, &buffer)
        hub.ended(id, reason)
    }
}

extension Duration {
    /// A time of 0 to ten days: what is no number, or beyond, would end the program.
    static func bounded(seconds: Double) -> Duration {
        let most = 864_000.0
        return .seconds(seconds.isNaN ? 0 : min(max(seconds, 0), most))
    }
}
