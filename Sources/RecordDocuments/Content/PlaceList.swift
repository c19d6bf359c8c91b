import CCSVIAnalysis

/// The groups of an exam's places, in the order in which the places first appear.
struct PlaceList {
    /// A place with its group.
    struct Reading {
        /// The place.
        var site: ExamSite
        /// What is known of it.
        var group: ContentGroup
    }

    /// The places so far.
    private(set) var readings: [Reading] = []
    private var places: [String: Int] = [:]

    /// Adds items to the group of a place, which is made where there is none.
    ///
    /// - Parameter isLumen: whether it is the lumen itself, which has no posture.
    mutating func add(_ site: ExamSite, key: String, _ items: [ContentItem], isLumen: Bool = false) {
        guard let place = places[key] else {
            places[key] = readings.count
            readings.append(Reading(site: site, group: Self.group(site, key: key, isLumen: isLumen, items)))
            return
        }
        var taken = Set(readings[place].group.items.map(\.key))
        // Where the place is stands there already.
        for item in items where item.concept != .itemID && item.concept != .window {
            var item = item
            let plain = item.key
            var number = 2
            while !taken.insert(item.key).inserted {
                item.key = "\(plain).again\(number)"
                number += 1
            }
            readings[place].group.items.append(item)
        }
    }

    private static func group(
        _ site: ExamSite, key: String, isLumen: Bool, _ items: [ContentItem]
    ) -> ContentGroup {
        let level = site.level.map { ", \($0.rawValue.uppercased())" } ?? ""
        return ContentGroup(
            key: key, concept: site.vein.concept,
            name: isLumen ? "lumen of the \(site.side.rawValue) \(site.vein.name)\(level)" : site.name,
            modifiers: site.level.map { [ContentPair(.topographicalModifier, $0.concept)] } ?? [],
            context: isLumen ? [] : site.posture.pairs, items: items)
    }
}
