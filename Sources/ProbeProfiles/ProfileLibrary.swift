internal import BundledDeviceProfiles
public import ProbeLink
internal import StrictYAML

/// The device profiles in force: the bundled ones, then those of the site's folder, then a single file.
///
/// A later profile takes the place of an earlier one with the same id, and a notice says so. A site file that is
/// not valid is left out with a notice, unless it was asked for by its id.
public struct ProfileLibrary: Sendable {
    /// One profile and where it was loaded from.
    public struct Entry: Sendable, Hashable {
        /// The profile.
        public var profile: DeviceProfile
        /// Where it was loaded from.
        public var origin: ProfileOrigin
    }

    /// What is to be said about the loading, in its order.
    public private(set) var notices: [ProfileNotice] = []
    /// The id of the profile that the user named, with `file` or `wantedID`; `nil` = none.
    public private(set) var namedID: String?
    private var loaded: [String: (document: ProfileDocument, origin: ProfileOrigin)] = [:]

    /// Loads the bundled profiles, then a site's folder, then a single file.
    ///
    /// - Parameters:
    ///   - siteFolder: a folder of `<maker>/<model>.yaml`; `nil` = none.
    ///   - file: one profile of any path, whose id need not be that path; `nil` = none.
    ///   - wantedID: the id that was asked for by name; its file may not be broken, but it need not exist.
    /// - Throws: when a bundled profile, the single file or the wanted profile is not valid or not readable.
    public init(siteFolder: String? = nil, file: String? = nil, wantedID: String? = nil) throws(ProfileError) {
        let bundled = BundledDeviceProfiles.files.map { file in
            (id: file.id, path: file.id + ProfileFolder.suffix, text: String(decoding: file.bytes, as: UTF8.self))
        }
        try addBundled(bundled)
        if let siteFolder { try addSite(siteFolder, wantedID: wantedID) }
        namedID = wantedID
        if let file {
            namedID = try add(reading: ProfileFolder.text(of: file), path: file, origin: .file(path: file))
        }
    }

    /// Loads the bundled profiles and the one that the user named, by a file's path or by the id of a bundled one.
    ///
    /// - Parameter name: what ends in `.yaml` is a file, everything else an id; `nil` = none was named.
    /// - Throws: what the other initialiser throws, and `.unknownID`.
    public init(naming name: String?) throws(ProfileError) {
        let isFile = name?.hasSuffix(ProfileFolder.suffix) == true
        try self.init(file: isFile ? name : nil, wantedID: isFile ? nil : name)
        if let namedID { _ = try profile(namedID) }
    }

    /// The profiles in force, in the order of their ids.
    public var entries: [Entry] {
        loaded.values.map { Entry(profile: $0.document.profile, origin: $0.origin) }
            .sorted { $0.profile.id < $1.profile.id }
    }

    /// The profiles in force, in the order of their ids.
    public var profiles: [DeviceProfile] { entries.map(\.profile) }

    /// The profile with an id.
    ///
    /// - Throws: `.unknownID` with the ids that there are.
    public func profile(_ id: String) throws(ProfileError) -> DeviceProfile {
        guard let found = loaded[id] else { throw .unknownID(id, known: loaded.keys.sorted()) }
        return found.document.profile
    }

    /// The profiles that an attached device may be compared with: the named one, or all that need no naming.
    public var candidates: [DeviceProfile] {
        guard let namedID else { return profiles.filter { !$0.needsNaming } }
        return profiles.filter { $0.id == namedID }
    }

    /// The firmware of a profile's board, compared with its fingerprint.
    ///
    /// - Returns: `nil` when the profile names none.
    /// - Throws: `.unknownID`, `.notReadable`, or `.firmware` when it is not the file that the profile names.
    public func firmware(of id: String) throws(ProfileError) -> FX2Firmware? {
        guard let (document, origin) = loaded[id] else { throw .unknownID(id, known: loaded.keys.sorted()) }
        guard let cold = document.profile.cold else { return nil }
        let path = Self.path(of: cold.firmwareFile, beside: document.file)
        guard case .bundled = origin else {
            let bytes = try ProfileFolder.bytes(of: path, atMost: FirmwareReading.mostBytes)
            return try FirmwareReading.firmware(bytes, of: cold, path: path)
        }
        guard let bytes = BundledDeviceProfiles.firmware[path] else {
            throw .notReadable(path: path, reason: "it is not part of the program")
        }
        return try FirmwareReading.firmware(bytes, of: cold, path: path)
    }

    /// Everything that is wrong with files: each for itself, its firmware, and with the bundled ones and each other.
    ///
    /// An id need not be the file's path; one that a bundled profile has replaces it, but no two files may share one.
    ///
    /// - Returns: everything that is wrong, each as `file:line:column: what`; empty when all is good.
    /// - Throws: `.notReadable` for a file that cannot be read.
    public static func problems(inFiles files: [String]) throws(ProfileError) -> [String] {
        var library = try ProfileLibrary()
        var problems: [YAMLProblem] = []
        for file in files {
            let text = try ProfileFolder.text(of: file)
            do throws(ProfileError) {
                let id = try library.add(reading: text, path: file, origin: .file(path: file), mayReplaceFile: false)
                if let problem = library.firmwareProblem(of: id) { problems.append(problem) }
            } catch {
                guard case .invalid(let found) = error else { throw error }
                problems += found.problems
            }
        }
        return problems.map(\.description)
    }

    private func firmwareProblem(of id: String) -> YAMLProblem? {
        guard let place = loaded[id]?.document.coldPlace else { return nil }
        do throws(ProfileError) {
            _ = try firmware(of: id)
            return nil
        } catch {
            return YAMLProblem(at: place, what: error.description)
        }
    }

    private static func path(of firmware: String, beside profile: String) -> String {
        guard let slash = profile.lastIndex(of: "/") else { return firmware }
        return profile[...slash] + firmware
    }

    private mutating func addBundled(_ files: [(id: String, path: String, text: String)]) throws(ProfileError) {
        for (id, path, text) in files {
            try add(reading: text, path: path, expectedID: id, origin: .bundled)
        }
    }

    private mutating func addSite(_ folder: String, wantedID: String?) throws(ProfileError) {
        for id in try ProfileFolder.ids(in: folder) {
            let path = folder + "/" + id + ProfileFolder.suffix
            do throws(ProfileError) {
                try add(reading: ProfileFolder.text(of: path), path: path, expectedID: id, origin: .site(path: path))
            } catch {
                if id == wantedID { throw error }
                notices.append(.skipped(path: path, reason: error.description))
            }
        }
    }

    /// Adds one profile, or nothing when it is not valid, and says which.
    @discardableResult
    private mutating func add(
        reading text: String, path: String, expectedID: String? = nil, origin: ProfileOrigin,
        mayReplaceFile: Bool = true
    ) throws(ProfileError) -> String {
        let document: ProfileDocument
        do throws(YAMLProblems) {
            document = try ProfileDocument(reading: text, file: path)
        } catch {
            throw .invalid(error)
        }
        let id = document.profile.id
        var problems: [YAMLProblem] = []
        if let expectedID, let wrongPath = document.pathProblem(expectedID: expectedID) { problems.append(wrongPath) }
        if !mayReplaceFile, let held = loaded[id], case .file = held.origin,
            let repeated = document.repetitionProblem(of: held.document)
        {
            problems.append(repeated)
        }
        for other in loaded.keys.sorted() where other != id {
            guard let held = loaded[other], let ambiguous = document.ambiguityProblem(with: held.document) else {
                continue
            }
            problems.append(ambiguous)
        }
        guard problems.isEmpty else { throw .invalid(YAMLProblems(inOrder: problems)) }
        if let earlier = loaded.updateValue((document, origin), forKey: id) {
            notices.append(.replaced(id: id, earlier: earlier.origin, later: origin))
        }
        return id
    }
}
