internal import Foundation
internal import RecordDocuments
internal import StrictYAML

/// Reads the settings' file; every problem goes to the log.
struct SettingsReader {
    let log: YAMLLog
    let folder: String

    private static let ports = 1...65_535
    private static let longestTitle = 16
    private static let timeouts = 1...600
    private static let longestText = 64
    private static let manufacturer = "DopplerBridge project"

    /// Everything.
    func settings(_ value: YAMLValue) -> RecordSettings? {
        var map = YAMLMap(value, log: log)
        guard let station = map.map("station").flatMap(self.station) else { return nil }
        let title = station.stationAETitle
        let worklist = map.optionalMap("worklist").flatMap { self.worklist($0, title) }
        let listener = map.optionalMap("listener").flatMap { self.listener($0, title) }
        let destinations = map.list("destinations").compactMap { self.destination(YAMLMap($0, log: log), title) }
        map.finish()
        var names: Set<String> = []
        for destination in destinations where !names.insert(destination.name).inserted {
            log.note("two destinations are called `\(destination.name)`", at: value)
        }
        var known = listener
        known?.knownTitles = destinations.compactMap { (destination: Destination) -> String? in
            guard case .dicom(let service) = destination.service else { return nil }
            return service.peer.calledTitle
        }
        return RecordSettings(
            station: station, worklist: worklist, listener: known, destinations: destinations)
    }

    private func station(_ given: YAMLMap) -> RecordStation? {
        var map = given
        let title = self.title(&map, "title")
        let serial = map.string("serial")
        let uid = map.string("device-uid")
        let station = RecordStation(
            manufacturer: map.optionalString("manufacturer") ?? Self.manufacturer,
            model: map.optionalString("model") ?? "DopplerBridge", serial: serial ?? "", softwareVersion: "",
            institution: map.optionalString("institution") ?? "", stationAETitle: title ?? "",
            stationName: map.optionalString("name") ?? "", deviceUID: uid ?? "")
        for text in [station.manufacturer, station.model, station.serial, station.institution, station.stationName]
        where text.count > Self.longestText {
            log.note("`\(text.prefix(20))...` is longer than \(Self.longestText) characters", at: map.value)
        }
        if let uid, !uid.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) || uid.count > Self.longestText {
            log.note("`device-uid` must be a UID: digits and dots, at most 64", at: map.value)
        }
        map.finish()
        return station
    }

    private func worklist(_ given: YAMLMap, _ own: String) -> RecordSettings.WorklistService? {
        var map = given
        let isOn = map.optionalBool("on") ?? true
        let peer = dicomPeer(&map, own)
        let characterSet = map.optionalString("default-character-set")
        let asksForOwn = map.optionalBool("only-this-station") ?? true
        map.finish()
        guard isOn, let peer else { return nil }
        return .init(peer: peer, defaultCharacterSet: characterSet, asksForOwnTitle: asksForOwn)
    }

    private func listener(_ given: YAMLMap, _ own: String) -> ListenerSettings? {
        var map = given
        let isOn = map.optionalBool("on") ?? true
        let port = map.int("port", in: Self.ports).flatMap { UInt16(exactly: $0) }
        let tls = self.tls(&map)
        if let tls, tls.own == nil { log.note("a listener needs `certificate` and `key`", at: map.value) }
        map.finish()
        guard isOn, let port else { return nil }
        return ListenerSettings(title: own, port: port, tls: tls)
    }

    private func destination(_ given: YAMLMap, _ own: String) -> Destination? {
        var map = given
        let name = map.string("name")
        if let name, !Self.isWord(name) {
            log.note("`name` must be letters, digits, `.`, `_` and `-`, at most 64", at: map.value)
        }
        let isOn = map.optionalBool("on") ?? true
        let kind = map.choice("kind", of: Kind.self)
        var service: Destination.Service?
        if let kind { service = self.service(kind, &map, own) }
        let carried = Destination.kinds(of: kind?.rawValue ?? "")
        var documents = carried
        if let listed = map.take("documents") {
            documents = Set(
                listed.items("documents", log).compactMap {
                    $0.choice("documents", of: RecordDocumentKind.self, log)
                })
            if kind != nil, !documents.isSubset(of: carried) {
                log.note("a destination of this kind takes \(Self.list(carried))", at: listed)
            }
        }
        let retries = map.optionalMap("retries").map(self.retries) ?? .usual
        map.finish()
        guard let name, let service else { return nil }
        return Destination(name: name, isOn: isOn, documents: documents, service: service, retries: retries)
    }

    private enum Kind: String, CaseIterable {
        case dicom
        case dicomWeb = "dicomweb"
        case hl7, fhir
    }

    private func service(_ kind: Kind, _ map: inout YAMLMap, _ own: String) -> Destination.Service? {
        switch kind {
        case .dicom:
            let tellsSteps = map.optionalBool("procedure-steps") ?? false
            let commitment = map.optionalMap("commitment").flatMap(self.commitment)
            return dicomPeer(&map, own).map {
                .dicom(.init(peer: $0, tellsSteps: tellsSteps, commitment: commitment))
            }
        case .dicomWeb: return web(&map).map { .dicomWeb($0) }
        case .fhir: return web(&map).map { .fhir($0) }
        case .hl7:
            let host = map.string("host")
            let port = map.int("port", in: Self.ports).flatMap { UInt16(exactly: $0) }
            let seconds = map.optionalInt("timeout-seconds", in: Self.timeouts) ?? MLLPPeer.usualTimeoutSeconds
            let tls = self.tls(&map)
            let message = self.message(&map)
            guard let host, let port else { return nil }
            return .hl7(MLLPPeer(host: host, port: port, timeoutSeconds: seconds, tls: tls), message: message)
        }
    }

    private func message(_ map: inout YAMLMap) -> ObservationMessageSettings {
        var message = ObservationMessageSettings()
        guard var given = map.optionalMap("message") else { return message }
        message.sendingApplication = given.optionalString("sending-application") ?? message.sendingApplication
        message.sendingFacility = given.optionalString("sending-facility") ?? ""
        message.receivingApplication = given.optionalString("receiving-application") ?? ""
        message.receivingFacility = given.optionalString("receiving-facility") ?? ""
        if let head = given.take("pdf-head") {
            message.encapsulatedHead = head.items("pdf-head", log).compactMap { $0.text }
            if message.encapsulatedHead.count != ObservationMessageSettings().encapsulatedHead.count {
                log.note("`pdf-head` must be 4 texts: source, type, subtype, encoding", at: head)
            }
        }
        given.finish()
        return message
    }

    private func commitment(_ given: YAMLMap) -> Destination.CommitmentPolicy? {
        var map = given
        let isOn = map.optionalBool("on") ?? true
        let seconds = map.optionalInt("wait-seconds", in: 0...300) ?? 0
        let hours = map.optionalDouble("patience-hours", in: 0.001...1000) ?? 24
        map.finish()
        return isOn ? .init(waitSeconds: seconds, patienceHours: hours) : nil
    }

    private func retries(_ given: YAMLMap) -> RetryPolicy {
        var map = given
        let usual = RetryPolicy.usual
        let policy = RetryPolicy(
            firstSeconds: map.optionalDouble("first-seconds", in: 0.01...3600) ?? usual.firstSeconds,
            longestSeconds: map.optionalDouble("longest-seconds", in: 0.01...86_400) ?? usual.longestSeconds,
            attempts: map.optionalInt("attempts", in: 1...10_000) ?? usual.attempts)
        map.finish()
        return policy
    }

    private func web(_ map: inout YAMLMap) -> HTTPPeer? {
        let url = map.string("url")
        let seconds = map.optionalInt("timeout-seconds", in: Self.timeouts) ?? HTTPPeer.usualTimeoutSeconds
        let tls = self.tls(&map)
        let token = map.optionalString("token-file").map(path)
        guard let url else { return nil }
        let scheme = tls == nil ? "http://" : "https://"
        guard url.hasPrefix(scheme), url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            log.note("`url` must begin with \(scheme) (`tls` is \(tls == nil ? "not " : "")given)", at: map.value)
            return nil
        }
        if url.contains("@") { log.note("`url` must not hold a password: use `token-file`", at: map.value) }
        return HTTPPeer(url: url, timeoutSeconds: seconds, tls: tls, tokenFile: token)
    }

    private func dicomPeer(_ map: inout YAMLMap, _ own: String) -> DICOMPeer? {
        let host = map.string("host")
        let port = map.int("port", in: Self.ports).flatMap { UInt16(exactly: $0) }
        let title = self.title(&map, "title")
        let seconds = map.optionalInt("timeout-seconds", in: Self.timeouts) ?? DICOMPeer.usualTimeoutSeconds
        let tls = self.tls(&map)
        guard let host, let port, let title else { return nil }
        return DICOMPeer(
            host: host, port: port, calledTitle: title, callingTitle: own, timeoutSeconds: seconds, tls: tls)
    }

    private func tls(_ map: inout YAMLMap) -> TLSFiles? {
        guard var given = map.optionalMap("tls") else { return nil }
        let isOn = given.optionalBool("on") ?? true
        let authority = given.string("authority").map(path)
        let certificate = given.optionalString("certificate").map(path)
        let key = given.optionalString("key").map(path)
        given.finish()
        if (certificate == nil) != (key == nil) {
            log.note("`certificate` and `key` go together", at: given.value)
        }
        guard isOn, let authority else { return nil }
        guard let certificate, let key else { return TLSFiles(authority: authority) }
        return TLSFiles(authority: authority, own: .init(certificate: certificate, key: key))
    }

    /// An AE title: up to 16 visible ASCII characters (PS3.5 table 6.2-1).
    private func title(_ map: inout YAMLMap, _ key: String) -> String? {
        guard let title = map.string(key) else { return nil }
        guard title.utf8.count <= Self.longestTitle, title.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !title.contains("\\")
        else {
            log.note("`\(key)` must be an AE title: at most \(Self.longestTitle) ASCII characters", at: map.value)
            return nil
        }
        return title
    }

    private func path(_ text: String) -> String {
        text.hasPrefix("/") || folder.isEmpty ? text : folder + "/" + text
    }

    private static func isWord(_ text: String) -> Bool {
        text.utf8.count <= longestText
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }

    private static func list(_ kinds: Set<RecordDocumentKind>) -> String {
        kinds.map(\.rawValue).sorted().joined(separator: ", ")
    }
}
