internal import ProbeLink
internal import StrictYAML

/// Reads what a device must show before anything is sent to it.
enum MatchReading {
    /// The values of a class triple: class, subclass, protocol.
    private static let classValues = 3
    /// The most endpoints that an interface can have in one direction (USB 2.0, 9.6.6).
    private static let mostEndpoints = 15

    /// The rule of `match`, with the format of the sound interface that the profile's stream asks for.
    ///
    /// - Parameter requests: what sends the device vendor requests, in words; `nil` = nothing does.
    static func rule(
        _ place: YAMLValue, requests: String?, audio: USBAudioNeed?, _ log: YAMLLog
    ) -> USBMatchRule? {
        guard var section = ProfileSection<ProfileKey.Match>(place, ProfileKey.File.match.rawValue, log) else {
            return nil
        }
        let vendor = section.take(.vendorID)
        let product = section.take(.productID)
        var rule = USBMatchRule(
            vendorID: vendor.flatMap { id($0, .vendorID, log) }, productID: product.flatMap { id($0, .productID, log) },
            manufacturer: section.optionalString(.manufacturer), product: section.optionalString(.product),
            productPrefix: section.optionalString(.productPrefix), audio: audio)
        rule.bcdDeviceMajor = section.take(.bcdDeviceMajor)
            .flatMap { $0.int(ProfileKey.Match.bcdDeviceMajor.rawValue, in: 0...Int(UInt8.max), log) }
            .map { UInt8(clamping: $0) }
        rule.deviceClass = section.take(.deviceClass).flatMap { classes($0, .deviceClass, log) }
        rule.interfaceClass = section.take(.interfaceClass).flatMap { classes($0, .interfaceClass, log) }
        let endpoints = section.take(.endpoints)
        section.finish()
        rule.endpoints = endpoints.map { needs($0, log) } ?? []
        checkIDs(hasVendor: vendor != nil, hasProduct: product != nil, rule, requests, at: place, log)
        guard audio != nil || statedFacts(place) > 0 else {
            log.note(
                "`match` names the ids alone, which unrelated devices share: name a string or a descriptor fact too",
                at: place)
            return nil
        }
        checkProduct(rule, at: place, log)
        return rule
    }

    private static func id(_ place: YAMLValue, _ key: ProfileKey.Match, _ log: YAMLLog) -> UInt16? {
        place.int(key.rawValue, in: 0...Int(UInt16.max), log).map { UInt16(clamping: $0) }
    }

    /// Notes an id that may not be left out: a vendor request may switch a transmitter.
    private static func checkIDs(
        hasVendor: Bool, hasProduct: Bool, _ rule: USBMatchRule, _ requests: String?, at place: YAMLValue,
        _ log: YAMLLog
    ) {
        guard let requests else {
            if !hasVendor, hasProduct {
                log.note("key `vendorID` is missing: `productID` says nothing without it", at: place)
            }
            return
        }
        if !hasVendor { log.note("key `vendorID` is missing: \(requests) sends vendor requests", at: place) }
        if !hasProduct, rule.manufacturer == nil || rule.product == nil {
            log.note(
                "key `productID` is missing: \(requests) sends vendor requests, so `match` needs it, or both "
                    + "`manufacturer` and `product`", at: place)
        }
    }

    /// How many keys beside the ids stand there, readable or not, so that an unreadable one is noted once.
    private static func statedFacts(_ place: YAMLValue) -> Int {
        guard case .mapping(let entries) = place.content else { return 0 }
        let ids = [ProfileKey.Match.vendorID.rawValue, ProfileKey.Match.productID.rawValue]
        return entries.count { entry in
            guard ProfileKey.Match(rawValue: entry.name) != nil, !ids.contains(entry.name) else { return false }
            if case .list(let items) = entry.value.content { return !items.isEmpty }
            return true
        }
    }

    private static func checkProduct(_ rule: USBMatchRule, at place: YAMLValue, _ log: YAMLLog) {
        guard let product = rule.product, let prefix = rule.productPrefix, !product.hasPrefix(prefix) else { return }
        log.note("no device matches: `product` is \"\(product)\" but `productPrefix` \"\(prefix)\"", at: place)
    }

    private static func classes(_ place: YAMLValue, _ key: ProfileKey.Match, _ log: YAMLLog) -> [UInt8]? {
        let items = place.items(key.rawValue, log)
        guard case .list = place.content else { return nil }
        guard items.count == classValues else {
            log.note("`\(key.rawValue)` must be class, subclass and protocol, found \(items.count) values", at: place)
            return nil
        }
        let values = items.compactMap { $0.int(key.rawValue, in: 0...Int(UInt8.max), log) }
        return values.count == classValues ? values.map { UInt8(clamping: $0) } : nil
    }

    private static func needs(_ place: YAMLValue, _ log: YAMLLog) -> [USBEndpointNeed] {
        var kinds: Set<USBEndpointNeed.Kind> = []
        return place.items(ProfileKey.Match.endpoints.rawValue, log).compactMap { item in
            guard var section = ProfileSection<ProfileKey.Endpoint>(item, "endpoints", log) else { return nil }
            let kind = section.choice(.kind, of: USBEndpointNeed.Kind.self)
            let count = section.int(.atLeast, in: 1...mostEndpoints)
            section.finish()
            guard let kind, let count else { return nil }
            if !kinds.insert(kind).inserted { log.note("`endpoints` names \(kind.rawValue) twice", at: item) }
            return USBEndpointNeed(kind, atLeast: count)
        }
    }
}
