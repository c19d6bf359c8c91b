internal import ExamSession
public import LiveView
internal import Synchronization

/// Where exams are made, as the desk needs it: `ExamRoom`, or a test's own.
public protocol DeskRoom: Sendable {
    /// The exam that is open or has just ended; `nil` in an empty room.
    var state: ExamState? { get }

    /// Begins an exam in a new folder, or goes on with the one that the folder holds.
    func begin(_ opening: ExamOpening) throws(RoomRefusal)

    /// Does what the operator asks for.
    func act(_ act: ConsoleAct) throws(RoomRefusal)

    /// Changes settings for the live scan and the next recordings of the step.
    func settings(_ change: SettingsChange) throws(RoomRefusal) -> ExamState.SettingsInForce

    /// The operator's browser has gone.
    func operatorLost()

    /// The operator's browser is back, or another one operates.
    func operatorBack()
}

extension ExamRoom: DeskRoom {}

/// What a desk hears of its room: made before both, and handed to both.
public final class DeskEar: Sendable {
    private struct Listening {
        weak var desk: ConsoleDesk?
    }

    private let listening = Mutex(Listening())

    /// An ear that nobody listens with yet.
    public init() {}

    private var desk: ConsoleDesk? { listening.withLock { $0.desk } }

    /// The desk that listens from here on.
    func attach(_ desk: ConsoleDesk) { listening.withLock { $0.desk = desk } }

    /// The exam changed.
    @Sendable
    public func changed(_ exam: ExamState?) { desk?.heard(exam) }

    /// A piece of picture or sound.
    @Sendable
    public func piece(_ piece: LivePiece) { desk?.fanOut.offer(piece.bytes) }

    /// A session of an exam has ended; returns when the archive has what it came to.
    @Sendable
    public func ended(_ exam: EndedExam) async { await desk?.ended(exam) }
}

extension DeskRefusal {
    /// What the room says.
    init(_ refusal: RoomRefusal) {
        self.init(Status(rawValue: refusal.status) ?? .notNow, refusal.what, next: refusal.next)
    }
}

/// Runs something of the room for the desk.
func atRoom<Value>(_ body: () throws(RoomRefusal) -> Value) throws(DeskRefusal) -> Value {
    do throws(RoomRefusal) { return try body() } catch { throw DeskRefusal(error) }
}
