import Acquisition
import LiveStreams
import OpenIGTLink
import ProbeLink

/// What was streamed, to whom, and what was missed: the document of `stream --json`.
struct StreamSummary: Encodable {
    /// One OpenIGTLink client.
    struct Client: Encodable {
        var address: String
        var headerVersion: Int
        var offered: UInt64
        var sent: UInt64
        var lost: UInt64
        var unsent: UInt64
        var commands: UInt64
        var end: String?
    }

    /// The OpenIGTLink server.
    struct Server: Encodable {
        var published: UInt64
        var sent: UInt64
        var lost: UInt64
        var unsent: UInt64
        var notPublished: UInt64
        var refusedConnections: UInt64
        var commands: UInt64
        var clients: [Client]
    }

    var probe: String
    var isSimulated: Bool
    var seconds: Double
    var utcMinusMonotonicSeconds: Double
    var acquired: RingCounters
    var link: LinkCounters
    var stream: StreamCounters
    var lsl: LSLOutlets.Counts?
    var igtl: Server?
    var endedEarlyBecause: String?

    init(_ result: StreamSession.Result, _ outputs: StreamOutputs, _ session: StreamSession) {
        probe = session.origin.specifier
        isSimulated = session.origin.isSimulated
        seconds = result.seconds
        utcMinusMonotonicSeconds = outputs.time.utcOffsetSeconds
        acquired = result.ring
        link = result.link
        stream = session.feed.counters
        lsl = outputs.lsl?.counts
        endedEarlyBecause = result.failure?.description
        guard let server = outputs.server else { return }
        let counts = server.counts
        igtl = Server(
            published: counts.published, sent: counts.sent, lost: counts.lost, unsent: counts.unsent,
            notPublished: outputs.igtl?.unpublished ?? 0, refusedConnections: counts.refused,
            commands: counts.commands,
            clients: counts.clients.map {
                Client(
                    address: $0.address, headerVersion: Int($0.headerVersion.rawValue), offered: $0.offered,
                    sent: $0.sent, lost: $0.lost, unsent: $0.unsent, commands: $0.commands, end: $0.end?.rawValue)
            })
    }

    /// The same for a person.
    var lines: [String] {
        let mark = isSimulated ? ", SIMULATED" : ""
        let lost = stream.lostInProbe + stream.lostOnLink
        var lines = [
            "\(probe): \(ExamText.rounded(seconds, 1)) s, \(link.pulses) pulses acquired, "
                + "\(acquired.droppedPulses) dropped\(mark)",
            "streamed: \(stream.pulses) pulses, \(stream.columns) columns, \(stream.markers) markers; "
                + "lost before \(lost), missed by the stream \(stream.missedHere)",
        ]
        if let lsl {
            let read = lsl.wasRead ? "read by somebody" : "read by nobody"
            lines.append(
                "Lab Streaming Layer: \(lsl.samples) samples, \(lsl.columns) columns, \(lsl.markers) markers, \(read)")
            if lsl.refused > 0 || lsl.notTaken > 0 {
                lines.append("  liblsl refused \(lsl.refused) streams and did not take \(lsl.notTaken) samples")
            }
        }
        if let igtl {
            lines.append(
                "OpenIGTLink: \(igtl.published) messages, \(igtl.sent) taken, \(igtl.lost) lost by slow clients")
            for client in igtl.clients {
                lines.append(
                    "  \(client.address): \(client.sent) taken, \(client.lost) lost, \(client.unsent) not sent, "
                        + "\(client.commands) commands")
            }
        }
        return lines
    }
}
