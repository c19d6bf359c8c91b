internal import BundledDeviceProfiles
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
        if let file { try add(reading: ProfileFolder.text(of: file), path: file, origin: .file(path: file)) }
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

    /// Adds one profile, or nothing when it is not valid.
    private mutating func add(
        reading text: String, path: String, expectedID: String? = nil, origin: ProfileOrigin
    ) throws(ProfileError) {
        let document: ProfileDocument
        do throws(YAMLProblems) {
            document = try ProfileDocument(reading: text, file: path)
        } catch {
            throw .invalid(error)
        }
        let id = document.profile.id
        var problems: [YAMLProblem] = []
        if let expectedID, let wrongPath = document.pathProblem(expectedID: expectedID) { problems.append(wrongPath) }
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
    }
}
