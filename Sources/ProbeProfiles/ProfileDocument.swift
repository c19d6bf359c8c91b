internal import ProbeLink
public import StrictYAML

/// A profile with the places in its file that checks over the whole set point to.
struct ProfileDocument: Sendable {
    var profile: DeviceProfile
    var idPlace: YAMLValue
    var matchPlace: YAMLValue
    /// Where the firmware is named; `nil` = there is none.
    var coldPlace: YAMLValue?

    /// The file as it is named in problems.
    var file: String { idPlace.file }

    /// Reads one profile; everything that is wrong in it is found in one reading.
    init(reading text: String, file: String) throws(YAMLProblems) {
        let log = YAMLLog()
        let root = try YAMLValue.parse(text, file: file)
        let reading = ProfileReading(root, log)
        guard log.problems.isEmpty, let document = reading.document else { throw YAMLProblems(inOrder: log.problems) }
        self = document
    }

    init(profile: DeviceProfile, idPlace: YAMLValue, matchPlace: YAMLValue, coldPlace: YAMLValue?) {
        self.profile = profile
        self.idPlace = idPlace
        self.matchPlace = matchPlace
        self.coldPlace = coldPlace
    }

    /// The problem that the id is not the file's path.
    func pathProblem(expectedID: String) -> YAMLProblem? {
        guard profile.id != expectedID else { return nil }
        return YAMLProblem(
            at: idPlace, what: "id `\(profile.id)` is not the file's path: it must be `\(expectedID)`")
    }

    /// The problem that another profile has the same id.
    func repetitionProblem(of other: ProfileDocument) -> YAMLProblem? {
        guard profile.id == other.profile.id else { return nil }
        return YAMLProblem(
            at: idPlace, what: "id `\(profile.id)` is taken by \(other.file): give each profile its own id")
    }

    /// The problem that a device could be both this and another probe.
    ///
    /// A profile that is used only when it is named is never chosen for a device by the program, so it is exempt.
    func ambiguityProblem(with other: ProfileDocument) -> YAMLProblem? {
        guard !profile.needsNaming, !other.profile.needsNaming,
            profile.match.canMatchSameDevice(as: other.profile.match)
        else { return nil }
        return YAMLProblem(
            at: matchPlace,
            what: "a device could match this and `\(other.profile.id)` (\(other.file)): name a string or a version "
                + "that tells them apart, or give this profile that id to replace it")
    }
}

extension DeviceProfile {
    /// Reads one profile and checks its form and its physics; the id is not compared with a path.
    ///
    /// - Parameter file: the name that problems are reported under.
    /// - Throws: everything that is wrong, each as `file:line:column: what`, in the order of the file.
    public static func parse(_ text: String, file: String) throws(YAMLProblems) -> DeviceProfile {
        try ProfileDocument(reading: text, file: file).profile
    }

    /// Checks files as one set: form and physics of each, ids equal to paths, no id twice, and no two profiles that
    /// could match the same device.
    ///
    /// - Parameter files: for each file the id that its path gives, its name for problems, and its text.
    /// - Returns: everything that is wrong; empty when the set is good.
    public static func problems(inSet files: [(id: String, file: String, text: String)]) -> [YAMLProblem] {
        var problems: [YAMLProblem] = []
        var documents: [ProfileDocument] = []
        for (id, file, text) in files {
            do throws(YAMLProblems) {
                let document = try ProfileDocument(reading: text, file: file)
                if let wrongPath = document.pathProblem(expectedID: id) { problems.append(wrongPath) }
                for other in documents {
                    if let repeated = document.repetitionProblem(of: other) {
                        problems.append(repeated)
                    } else if let ambiguous = document.ambiguityProblem(with: other) {
                        problems.append(ambiguous)
                    }
                }
                documents.append(document)
            } catch {
                problems += error.problems
            }
        }
        return problems
    }
}

extension YAMLProblem {
    init(at place: YAMLValue, what: String) {
        self.init(file: place.file, line: place.line, column: place.column, what: what)
    }
}

extension YAMLProblems {
    /// Problems in the order of the file.
    init(inOrder problems: [YAMLProblem]) {
        self.init(problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }
}
