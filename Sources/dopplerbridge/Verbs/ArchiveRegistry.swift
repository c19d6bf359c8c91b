import ArgumentParser
import CCSVIAnalysis
import ExamArchive
import Foundation
import RegistryExport

/// Writes the archive's exams without identity.
struct ArchiveRegistry: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry", abstract: "Write the exams without identity, as tables for a registry.",
        discussion: """
            Writes CSV and JSON lines of every table, and dictionary.csv, which says what each column is. Only what a \
            column names is written: no name, number, date of birth, serial number or free text. Subjects and exams stand \
            under pseudonyms that --registry-key makes: keep that file, and later exports join this one. All dates of a \
            subject are put back by the same 1 to 366 days. Age and sex come from the sealed identities, where a key for \
            them is given; ages over 89 are one group.
            """)

    @Argument(help: "The archive's folder.")
    var folder: String

    @Option(help: "The folder for the tables, new or empty.")
    var into: String

    @Option(help: "The key file of the pseudonyms: 32 bytes or more, mode 0600, outside the archive.")
    var registryKey: String

    @Option(help: "The key file of the sealed identities, for age and sex.")
    var keyFile: String?

    @Flag(help: "Exams that are not signed, too.")
    var unsigned = false

    @OptionGroup var options: ArchiveActOptions

    func run() throws {
        let console = Console()
        let archive = try Archive.opened(for: options, folder)
        let key = try archiving { () throws(ArchiveError) in try PseudonymKey(file: registryKey, of: archive) }
        let listed = try archiving { () throws(ArchiveError) in try archive.exams(withEarlierVersions: true) }
        let wanted = listed.filter { $0.state.isSigned || (unsigned && $0.state == .analysed) }
        guard !wanted.isEmpty else {
            throw Failure(.usage, "\(folder): holds no signed exam: sign one, or give --unsigned")
        }
        try archiving { () throws(ArchiveError) in
            try archive.tellRegistryExport(of: wanted.count, act: options.act)
        }
        let export = RegistryExport(try wanted.map { try registryExam($0, key, archive) })
        try write(export)
        for (table, count) in export.leftOut.sorted(by: { $0.key < $1.key }) {
            console.say("\(table): \(count) values left out, because their columns do not allow them")
        }
        console.result("Registry: \(wanted.count) exams in \(into), with dictionary.csv")
    }

    private func registryExam(
        _ entry: ArchivedExam, _ key: PseudonymKey, _ archive: Archive
    ) throws -> RegistryExam {
        let bytes = try archiving { () throws(ArchiveError) in try archive.document("exam.json", of: entry) }
        let exam: Exam
        do { exam = try JSONDecoder().decode(Exam.self, from: Data(bytes)) } catch {
            throw Failure(.data, "\(entry.examID): its exam.json cannot be read by this version of the program")
        }
        guard let pseudonym = RegistryPseudonym(hash: key.examHash(entry.examID)),
            let subject = RegistryPseudonym(hash: key.subjectHash(entry.subjectCode))
        else { throw Failure(.data, "\(registryKey): gives no pseudonyms: make a new key file") }
        let identity = try identity(of: entry.subjectCode, archive)
        return RegistryExam(
            exam, version: entry.version, isSigned: entry.state.isSigned, pseudonym: pseudonym,
            subjectPseudonym: subject, shiftDays: key.shiftDays(ofSubject: entry.subjectCode),
            birthDate: identity?.birthDate.flatMap(RegistryDate.init),
            sex: identity?.sex.flatMap(RegistrySex.init(rawValue:)))
    }

    /// Who a subject is; `nil` where no key was given or nothing is stored.
    private func identity(of subject: String, _ archive: Archive) throws -> PatientIdentity? {
        guard let keyFile else { return nil }
        do throws(ArchiveError) {
            return try archive.showIdentity(of: subject, secret: .keyFile(path: keyFile), act: options.act)
        } catch .noIdentity {
            return nil
        } catch {
            throw Failure(error)
        }
    }

    private func write(_ export: RegistryExport) throws {
        let files =
            export.tables.flatMap { [("\($0.name).csv", $0.csv), ("\($0.name).jsonl", $0.jsonLines)] }
            + [("dictionary.csv", export.dictionaryCSV)]
        do {
            try FileManager.default.createDirectory(atPath: into, withIntermediateDirectories: true)
            guard try FileManager.default.contentsOfDirectory(atPath: into).isEmpty else {
                throw Failure(.storage, "\(into): not empty: give a new folder with --into")
            }
            for (name, text) in files {
                try Data(text.utf8).write(to: URL(fileURLWithPath: into + "/" + name), options: .atomic)
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.storage, "\(into): cannot be written: give another folder with --into")
        }
    }
}
