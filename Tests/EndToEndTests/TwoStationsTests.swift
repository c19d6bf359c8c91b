import Foundation
import Testing

@Suite("Two stations and one clinic")
struct TwoStationsTests {
    @Test("both stations' exams are in one Orthanc with PostgreSQL behind it, and in their own archives alone")
    func stations() throws {
        try Program.inTemporaryFolder { folder in
            // PostgreSQL never runs as root, so its folder must be one that others may enter.
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
            let run = try Program.tool(
                "/usr/bin/python3", [Program.root + "/Tests/Peers/two_stations.py", Program.path, folder + "/clinic"])
            #expect(run.status == 0, "\(run.output)")
            guard !run.output.hasPrefix("skipped: ") else { return print(run.output) }
            #expect(run.output.contains("in Orthanc: A-1001  Rossi^Maria"))
            #expect(run.output.contains("in Orthanc: B-2001  Wiśniewska^Zofia"))
            #expect(run.output.contains("in PostgreSQL: 2 patients, 2 studies,"))
        }
    }
}
