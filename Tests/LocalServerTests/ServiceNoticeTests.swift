import Glibc
import LocalServer
import Testing

@Suite("Notices to systemd")
struct ServiceNoticeTests {
    @Test(
        "arrive at a path and at an abstract name", arguments: ["/tmp/dopplerbridge-notice-PID", "@dopplerbridge-PID"])
    func arrive(name: String) throws {
        let supervisor = try Supervisor(name: name.replacing("PID", with: "\(getpid())"))
        let notice = try #require(
            try ServiceNotice(
                environment: ["NOTIFY_SOCKET": supervisor.name, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"],
                processID: 7))
        #expect(notice.watchdogSeconds == 30)
        try notice.ready(status: "http://127.0.0.1:8080")
        #expect(supervisor.next() == "READY=1\nSTATUS=http://127.0.0.1:8080")
        try notice.alive()
        #expect(supervisor.next() == "WATCHDOG=1")
        try notice.status("one\nREADY=0")
        #expect(supervisor.next() == "STATUS=one READY=0")
        try notice.stopping()
        #expect(supervisor.next() == "STOPPING=1")
    }

    @Test("are not sent where nobody waits for them")
    func nobody() throws {
        #expect(try ServiceNotice(environment: ["WATCHDOG_USEC": "1"], processID: 7) == nil)
        let lost = try #require(
            try ServiceNotice(environment: ["NOTIFY_SOCKET": "/tmp/dopplerbridge-nobody"], processID: 7))
        #expect(throws: LocalServerError.self) { try lost.alive() }
    }

    @Test(
        "an address that is none is refused",
        arguments: ["", "x", "/", "tcp:1", "/" + String(repeating: "a", count: 200), "/a\0b"])
    func wrongAddress(name: String) {
        #expect(throws: LocalServerError.noticeAddress(name)) {
            try ServiceNotice(environment: ["NOTIFY_SOCKET": name], processID: 7)
        }
    }

    @Test(
        "a watchdog of another process, or none, is not fed",
        arguments: [
            ["WATCHDOG_USEC": "5000000", "WATCHDOG_PID": "8"], ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "x"], [:],
        ])
    func otherWatchdog(environment: [String: String]) throws {
        let notice = try ServiceNotice(
            environment: environment.merging(["NOTIFY_SOCKET": "@a"]) { $1 }, processID: 7)
        #expect(notice?.watchdogSeconds == nil && notice != nil)
    }
}
