internal import ExamArchive
internal import LocalServer

/// One request on its way to the one who answers it.
struct DeskCall: Sendable {
    /// The request.
    var request: WebRequest
    /// What stands in the path where the route has a name, in order.
    var names: [String]
    /// Who asks.
    var actor: DeskActor

    /// Who asks, by their browser.
    var visitor: VisitorID { request.visitor }
}

/// Who does something, as the archive's audit log tells it.
struct DeskActor: Sendable {
    /// The name.
    var name: String
    /// Who signed in; `nil` in an archive without accounts.
    var signIn: ArchiveSignIn?
    /// When.
    var at: ArchiveTime

    /// The act of the audit log.
    var act: ArchiveAct { ArchiveAct(by: name, at: at) }

    /// Does something at the archive as this person, on this thread.
    func acting<Value>(_ body: () throws(ArchiveError) -> Value) throws(DeskRefusal) -> Value {
        try atArchive { () throws(ArchiveError) in
            guard let signIn else { return try body() }
            return try signIn.acting(body)
        }
    }

    /// Does something at the desk as this person, on this thread.
    func actingAtDesk<Value>(_ body: () throws(DeskRefusal) -> Value) throws(DeskRefusal) -> Value {
        guard let signIn else { return try body() }
        return try signIn.acting(body)
    }
}

/// One address of the interface.
struct DeskRoute: Sendable {
    /// What must be so before it is answered.
    enum Need: Sendable, Hashable {
        /// The browser came in by its link.
        case visitor
        /// Where the archive has accounts, somebody is signed in.
        case signedIn
        /// That person may do this.
        case right(ArchiveRight)
        /// That person may acquire, and has the operator's seat or takes it where it is free.
        case seat
    }

    /// One segment of an address.
    enum Segment: Sendable, Hashable {
        /// This word.
        case word(String)
        /// Any word: a name.
        case name
    }

    /// `GET`, `POST` or `DELETE`.
    var method: String
    /// The segments.
    var path: [Segment]
    /// What must be so.
    var need: Need
    /// Answers.
    var answer: @Sendable (ConsoleDesk, DeskCall) async throws(DeskRefusal) -> WebAnswer

    /// A route; `*` in the path stands for a name.
    init(
        _ method: String, _ path: String, _ need: Need,
        _ answer: @escaping @Sendable (ConsoleDesk, DeskCall) async throws(DeskRefusal) -> WebAnswer
    ) {
        self.method = method
        self.path = path.split(separator: "/").map { $0 == "*" ? .name : .word(String($0)) }
        self.need = need
        self.answer = answer
    }

    /// The names in a path of this route; `nil` where the path is another one's.
    func names(in path: [String]) -> [String]? {
        guard path.count == self.path.count else { return nil }
        var names: [String] = []
        for (segment, text) in zip(self.path, path) {
            switch segment {
            case .word(let word): if word != text { return nil }
            case .name: names.append(text)
            }
        }
        return names
    }

    /// Every address, as the documentation lists them.
    static let all: [DeskRoute] = [
        DeskRoute("GET", "api/session", .visitor) { desk, call in desk.session(call) },
        DeskRoute("POST", "api/session", .visitor) { desk, call throws(DeskRefusal) in try await desk.signIn(call) },
        DeskRoute("DELETE", "api/session", .visitor) { desk, call in desk.signOut(call) },
        DeskRoute("POST", "api/operate", .right(.acquire)) { desk, call throws(DeskRefusal) in try desk.operate(call) },
        DeskRoute("POST", "api/statement", .signedIn) { desk, call throws(DeskRefusal) in
            try await desk.readStatement(call)
        },
        DeskRoute("GET", "api/patients", .signedIn) { desk, call throws(DeskRefusal) in try await desk.patients(call) },
        DeskRoute("POST", "api/worklist", .signedIn) { desk, call throws(DeskRefusal) in
            try await desk.askWorklist(call)
        },
        DeskRoute("GET", "api/protocols", .signedIn) { desk, _ throws(DeskRefusal) in try desk.protocolList() },
        DeskRoute("POST", "api/exams", .seat) { desk, call throws(DeskRefusal) in try await desk.begin(call) },
        DeskRoute("POST", "api/exams/*/continue", .seat) { desk, call throws(DeskRefusal) in
            try await desk.goOn(call)
        },
        DeskRoute("GET", "api/exam", .signedIn) { desk, call throws(DeskRefusal) in try desk.openExam(call) },
        DeskRoute("POST", "api/exam/act", .seat) { desk, call throws(DeskRefusal) in try desk.act(call) },
        DeskRoute("POST", "api/exam/settings", .seat) { desk, call throws(DeskRefusal) in
            try desk.changeSettings(call)
        },
        DeskRoute("GET", "api/exams/*/review", .signedIn) { desk, call throws(DeskRefusal) in
            try await desk.review(call)
        },
        DeskRoute("GET", "api/exams/*/recordings/*/columns", .signedIn) { desk, call throws(DeskRefusal) in
            try await desk.columns(call)
        },
        DeskRoute("GET", "api/exams/*/report.pdf", .signedIn) { desk, call throws(DeskRefusal) in
            try await desk.report(call)
        },
        DeskRoute("POST", "api/exams/*/marks", .right(.mark)) { desk, call throws(DeskRefusal) in
            try await desk.mark(call)
        },
        DeskRoute("POST", "api/exams/*/trace", .right(.mark)) { desk, call throws(DeskRefusal) in
            try await desk.trace(call)
        },
        DeskRoute("POST", "api/exams/*/sign", .right(.sign)) { desk, call throws(DeskRefusal) in
            try await desk.sign(call)
        },
        DeskRoute("GET", "api/outbox", .signedIn) { desk, _ throws(DeskRefusal) in try await desk.outbox() },
        DeskRoute("POST", "api/outbox/*/retry", .right(.deliver)) { desk, call throws(DeskRefusal) in
            try await desk.retry(call)
        },
        DeskRoute("POST", "api/outbox/*/cancel", .right(.deliver)) { desk, call throws(DeskRefusal) in
            try await desk.cancel(call)
        },
        DeskRoute("GET", "api/device", .signedIn) { desk, _ throws(DeskRefusal) in try await desk.device() },
        DeskRoute("GET", "api/openapi.json", .visitor) { _, _ in .interface },
    ]
}
