internal import StrictYAML

/// A value with its place in the file, so that a later check can point there.
struct Placed<Value> {
    var value: Value
    var place: YAMLValue
}

/// One mapping of a profile, read by its closed list of keys.
struct ProfileSection<Key: RawRepresentable & CaseIterable> where Key.RawValue == String {
    let place: YAMLValue
    private let log: YAMLLog
    private var map: YAMLMap

    /// Opens a mapping; `nil`, and noted, where it is none.
    init?(_ value: YAMLValue, _ name: String, _ log: YAMLLog) {
        guard case .mapping = value.content else {
            log.note("`\(name)` must be a mapping of keys to values", at: value)
            return nil
        }
        place = value
        self.log = log
        map = YAMLMap(value, log: log)
    }

    mutating func take(_ key: Key) -> YAMLValue? { map.take(key.rawValue) }

    mutating func require(_ key: Key) -> YAMLValue? { map.require(key.rawValue) }

    mutating func string(_ key: Key) -> String? { require(key).flatMap { $0.string(key.rawValue, log) } }

    mutating func optionalString(_ key: Key) -> String? { take(key).flatMap { $0.string(key.rawValue, log) } }

    mutating func int(_ key: Key, in range: ClosedRange<Int>) -> Int? {
        require(key).flatMap { $0.int(key.rawValue, in: range, log) }
    }

    mutating func double(_ key: Key, in range: ClosedRange<Double>) -> Placed<Double>? {
        guard let place = require(key), let value = place.double(key.rawValue, in: range, log) else { return nil }
        return Placed(value: value, place: place)
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: Key, of type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        require(key).flatMap { $0.choice(key.rawValue, of: type, log) }
    }

    mutating func section<Inner: RawRepresentable & CaseIterable>(
        _ key: Key, _ type: Inner.Type
    ) -> ProfileSection<Inner>? where Inner.RawValue == String {
        require(key).flatMap { ProfileSection<Inner>($0, key.rawValue, log) }
    }

    mutating func optionalSection<Inner: RawRepresentable & CaseIterable>(
        _ key: Key, _ type: Inner.Type
    ) -> ProfileSection<Inner>? where Inner.RawValue == String {
        take(key).flatMap { ProfileSection<Inner>($0, key.rawValue, log) }
    }

    /// A range from its two ends, noted when they stand the wrong way round.
    mutating func range(_ key: Key, in allowed: ClosedRange<Double>) -> Placed<ClosedRange<Double>>? {
        guard let place = require(key) else { return nil }
        return Self.range(place, key.rawValue, in: allowed, log)
    }

    static func range(
        _ place: YAMLValue, _ name: String, in allowed: ClosedRange<Double>, _ log: YAMLLog
    ) -> Placed<ClosedRange<Double>>? {
        guard var ends = ProfileSection<ProfileKey.Range>(place, name, log) else { return nil }
        let lowest = ends.double(.lowest, in: allowed)
        let highest = ends.double(.highest, in: allowed)
        ends.finish()
        guard let lowest, let highest else { return nil }
        guard lowest.value <= highest.value else {
            log.note(
                "`\(name)` runs from \(lowest.value) to \(highest.value): lowest must not exceed highest", at: place)
            return nil
        }
        return Placed(value: lowest.value...highest.value, place: place)
    }

    /// Notes every key that was not asked for.
    func finish() { map.finish() }
}
