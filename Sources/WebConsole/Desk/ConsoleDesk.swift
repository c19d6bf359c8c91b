public import ExamArchive
internal import Foundation
public import LocalServer
internal import Synchronization

/// The desk behind the console's page: every address of the interface, and what every browser hears.
///
/// One desk is for one archive, one probe and any number of browsers, one of which operates.
public final class ConsoleDesk: WebDesk {
    /// What a desk works with.
    public struct Means: Sendable {
        /// The archive, open for writing.
        public var archive: Archive
        /// What opens the identities; `nil` where names are neither stored nor shown.
        public var secret: IdentitySecret?
        /// The exams that are being made.
        public var shelf: ExamShelf
        /// The program around the console.
        public var clinic: any ConsoleClinic
        /// Who acts in an archive without accounts.
        public var userName: String
        /// The page's language, such as `en`.
        public var language: String
        /// The archive in a few words, without its path.
        public var archiveWords: String
        /// The hour.
        public var now: @Sendable () -> ArchiveTime
        /// The clock that live pieces are stamped with, ms since 1970; it never goes back.
        public var liveClockMs: @Sendable () -> Double

        /// The means from their parts.
        public init(
            archive: Archive, secret: IdentitySecret?, shelf: ExamShelf, clinic: any ConsoleClinic, userName: String,
            language: String, archiveWords: String, now: @escaping @Sendable () -> ArchiveTime,
            liveClockMs: @escaping @Sendable () -> Double
        ) {
            self.archive = archive
            self.secret = secret
            self.shelf = shelf
            self.clinic = clinic
            self.userName = userName
            self.language = language
            self.archiveWords = archiveWords
            self.now = now
            self.liveClockMs = liveClockMs
        }
    }

    let means: Means
    let room: any DeskRoom
    let fanOut: DeskFanOut
    let state: Mutex<State>
    /// Whether nothing is done without signing in.
    let hasAccounts: Bool

    /// What changes at the desk.
    struct State: Sendable {
        var people = DeskPeople()
        var statement: StatementRecord?
        var worklist = WorklistAnswer(entries: [])
        var isAskingWorklist = false
        /// The key of the identities, once it was opened.
        var openedSecret: IdentitySecret?
        /// Who began the exam that is open.
        var examActor: DeskActor?
        /// The exam that is open, as the list of exams tells it.
        var openExamID: String?
    }

    /// A desk.
    ///
    /// Reads the archive's accounts and the statement that was read, so it may block.
    ///
    /// - Parameters:
    /// - room: where exams are made.
    /// - ear: what the room was made with; what it hears goes to every browser.
    public init(_ means: Means, room: any DeskRoom, ear: DeskEar) throws(DeskRefusal) {
        self.means = means
        self.room = room
        fanOut = DeskFanOut()
        hasAccounts = try !atArchive { () throws(ArchiveError) in try means.archive.accounts() }.isEmpty
        var first = State()
        first.statement = means.shelf.statement()
        state = Mutex(first)
        ear.attach(self)
    }

    // MARK: Requests

    /// Answers one request.
    public func answer(_ request: WebRequest) async -> WebAnswer {
        do throws(DeskRefusal) {
            let (route, names) = try route(for: request)
            let actor = try admit(request, to: route)
            return try await route.answer(self, DeskCall(request: request, names: names, actor: actor))
        } catch {
            return .refusal(error)
        }
    }

    private func route(for request: WebRequest) throws(DeskRefusal) -> (DeskRoute, [String]) {
        var methods: [String] = []
        for route in DeskRoute.all {
            guard let names = route.names(in: request.path) else { continue }
            if route.method == request.method { return (route, names) }
            methods += route.method == "GET" ? ["GET", "HEAD"] : [route.method]
        }
        let path = request.path.joined(separator: "/").prefix(80)
        guard !methods.isEmpty else {
            throw DeskRefusal(.notThere, "there is no address /\(path)", next: "Load the page again.")
        }
        var refusal = DeskRefusal(
            .otherMethod, "/\(path) takes no \(request.method.prefix(8))", next: "Load the page again.")
        refusal.allowedMethods = methods
        throw refusal
    }

    /// Lets a request through, or says why not.
    private func admit(_ request: WebRequest, to route: DeskRoute) throws(DeskRefusal) -> DeskActor {
        let now = means.now()
        lockIdle(at: now)
        let visitor = request.visitor
        let signIn = state.withLock { $0.people.person(visitor)?.signIn }
        let actor = DeskActor(name: signIn?.name ?? means.userName, signIn: signIn, at: now)
        switch route.need {
        case .visitor: return actor
        case .signedIn: try requireSignIn(actor)
        case .right(let right): try require(right, actor)
        case .seat:
            try require(.acquire, actor)
            try takeSeat(visitor)
        }
        if request.method != "GET" { state.withLock { $0.people.note(visitor, at: now) } }
        return actor
    }

    private func requireSignIn(_ actor: DeskActor) throws(DeskRefusal) {
        guard hasAccounts, actor.signIn == nil else { return }
        throw DeskRefusal(.signIn, "nobody is signed in", next: "Sign in with your account of the archive.")
    }

    /// Refuses what a person's role does not allow.
    func require(_ right: ArchiveRight, _ actor: DeskActor) throws(DeskRefusal) {
        try requireSignIn(actor)
        guard let signIn = actor.signIn, !signIn.role.allows(right) else { return }
        let roles = right.roles.map(\.rawValue).sorted().joined(separator: " or ")
        throw DeskRefusal(
            .notAllowed, "\(signIn.name) is a \(signIn.role.rawValue), and this is for a \(roles)",
            next: "Let a \(roles) sign in.")
    }

    private func takeSeat(_ visitor: VisitorID) throws(DeskRefusal) {
        let (isFree, isOwn) = state.withLock { state in
            (state.people.operating == nil, state.people.operating == visitor)
        }
        guard isFree || isOwn else {
            throw DeskRefusal(
                .notNow, "another browser operates the probe", next: "Take the operator's seat, or look on.")
        }
        if isFree { sit(visitor) }
    }

    /// Gives a browser the operator's seat and tells everybody.
    func sit(_ visitor: VisitorID) {
        let (isNew, isThere) = state.withLock { state in
            (state.people.operate(visitor), state.people.isOperatorThere)
        }
        if isThere { room.operatorBack() }
        if isNew { tellSeats() }
    }

    /// Tells every browser whether it operates.
    func tellSeats() {
        let operating = state.withLock { $0.people.operating }
        fanOut.offer { visitor in Self.seatEvent(visitor, operating) }
    }

    /// Whether a visitor operates, as an event.
    private static func seatEvent(_ visitor: VisitorID, _ operating: VisitorID?) -> String {
        #"{"event":"seat","isFree":\#(operating == nil),"isOperating":\#(visitor == operating)}"#
    }

    /// Tells one visitor's browsers how the seat stands.
    func tellSeat(to visitor: VisitorID) {
        fanOut.offer(Self.seatEvent(visitor, state.withLock { $0.people.operating }), to: visitor)
    }

    /// Locks whoever did nothing for too long, and says so there.
    private func lockIdle(at now: ArchiveTime) {
        let (locked, operating) = state.withLock { state in
            (state.people.lockIdle(at: now), state.people.operating)
        }
        for visitor in locked {
            shut(visitor)
            // Nobody who may act is there: a live scan ends as when the browser is gone.
            if visitor == operating { room.operatorLost() }
        }
    }

    /// Whether names may be shown at a browser.
    func showsNames(to visitor: VisitorID) -> Bool {
        guard hasAccounts else { return true }
        return state.withLock { $0.people.person(visitor)?.signIn?.role.allows(.seeIdentity) ?? false }
    }

    /// Shows a browser nothing more.
    func shut(_ visitor: VisitorID) {
        fanOut.allow(visitor, false)
        fanOut.offer(#"{"event":"locked"}"#, to: visitor)
    }

    // MARK: Live connections

    /// A browser opened its live connection: it hears how things stand.
    public func opened(_ listener: any LiveListener) async {
        let (isOperator, isAllowed) = state.withLock { state in
            (
                state.people.connected(listener.visitor),
                !hasAccounts || state.people.person(listener.visitor)?.signIn != nil
            )
        }
        if isOperator { room.operatorBack() }
        fanOut.add(listener, isAllowed: isAllowed)
        guard isAllowed else { return listener.offer(event: #"{"event":"locked"}"#) }
        listener.offer(event: Self.seatEvent(listener.visitor, state.withLock { $0.people.operating }))
        if let event = examEvent(for: listener.visitor) { listener.offer(event: event) }
    }

    /// A live connection ended, however it did.
    public func closed(_ listener: any LiveListener) async {
        fanOut.remove(listener)
        if state.withLock({ $0.people.disconnected(listener.visitor) }) { room.operatorLost() }
    }

    // MARK: Time

    /// Looks at the clock: locks idle accounts, and tells of missed pieces.
    ///
    /// To be called about once a second.
    public func tick() {
        lockIdle(at: means.now())
        fanOut.tellMissed()
    }
}
