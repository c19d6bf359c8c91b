/// The fields of one JSON object, each taken once by its name; what is left over at the end is refused.
struct JSONFields {
    private var left: [String: JSONItem]
    /// Where the object stands, as `identity.` before the names of its fields.
    private let place: String

    /// The longest text that is taken unless said otherwise, UTF-8 bytes (project choice; DICOM's long text has 10240).
    static let longestText = 10_240

    /// The fields of a request's body.
    init(_ body: [UInt8]) throws(DeskRefusal) {
        guard case .object(let fields) = try JSONItem(body) else {
            throw DeskRefusal(.wrongInput, "the body is no JSON object", next: "Send one, such as {}.")
        }
        self.init(fields, place: "")
    }

    private init(_ fields: [String: JSONItem], place: String) {
        left = fields
        self.place = place
    }

    /// The fields of an item that stands at a place.
    init(_ item: JSONItem, place: String) throws(DeskRefusal) {
        guard case .object(let fields) = item else {
            throw DeskRefusal(.wrongInput, "`\(place)` is \(item.words), not an object", next: "Send an object.")
        }
        self.init(fields, place: place + ".")
    }

    /// Refuses what nobody asked for.
    func end() throws(DeskRefusal) {
        guard let name = left.keys.sorted().first else { return }
        throw DeskRefusal(
            .wrongInput, "`\(place)\(name.prefix(64))` is not known here", next: "Leave it out, or correct its name.")
    }

    private func wrong(_ name: String, _ item: JSONItem?, _ wanted: String) -> DeskRefusal {
        DeskRefusal(
            .wrongInput, "`\(place)\(name)` is \(item?.words ?? "missing")", next: "Give \(wanted).")
    }

    /// Whether a field is there and not null.
    func has(_ name: String) -> Bool { (left[name] ?? .null) != .null }

    /// An item; `nil` where it is missing or null.
    mutating func item(_ name: String) -> JSONItem? {
        guard let item = left.removeValue(forKey: name), item != .null else { return nil }
        return item
    }

    /// A text; `nil` where it is missing or null.
    mutating func optionalText(_ name: String, atMost bytes: Int = longestText) throws(DeskRefusal) -> String? {
        guard let item = item(name) else { return nil }
        guard case .text(let text) = item else { throw wrong(name, item, "a text") }
        guard text.utf8.count <= bytes else {
            throw DeskRefusal(
                .wrongInput, "`\(place)\(name)` has \(text.utf8.count) bytes", next: "Write at most \(bytes).")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\t" }) else {
            throw DeskRefusal(.wrongInput, "`\(place)\(name)` holds control characters", next: "Write text.")
        }
        return text
    }

    /// A text that must be there.
    mutating func text(_ name: String, atMost bytes: Int = longestText) throws(DeskRefusal) -> String {
        guard let text = try optionalText(name, atMost: bytes), !text.isEmpty else {
            throw wrong(name, nil, "a text")
        }
        return text
    }

    /// One of several words; `nil` where it is missing or null.
    mutating func optionalWord<Word: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Word.Type
    ) throws(DeskRefusal) -> Word? where Word.RawValue == String {
        guard let text = try optionalText(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw DeskRefusal(
                .wrongInput, "`\(place)\(name)` is `\(text.prefix(40))`",
                next: "Give one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return word
    }

    /// One of several words that must be there.
    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Word.Type
    ) throws(DeskRefusal) -> Word where Word.RawValue == String {
        guard let word = try optionalWord(name, type) else {
            throw wrong(name, nil, "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    /// A number; `nil` where it is missing or null.
    mutating func optionalNumber(_ name: String, in range: ClosedRange<Double>) throws(DeskRefusal) -> Double? {
        guard let item = item(name) else { return nil }
        guard case .number(let value) = item else { throw wrong(name, item, "a number") }
        guard range.contains(value) else {
            throw DeskRefusal(
                .wrongInput, "`\(place)\(name)` is \(value)",
                next: "Give \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// A number that must be there.
    mutating func number(_ name: String, in range: ClosedRange<Double>) throws(DeskRefusal) -> Double {
        guard let number = try optionalNumber(name, in: range) else { throw wrong(name, nil, "a number") }
        return number
    }

    /// A whole number; `nil` where it is missing or null.
    mutating func optionalWhole(_ name: String, in range: ClosedRange<Int>) throws(DeskRefusal) -> Int? {
        let bounds = Double(range.lowerBound)...Double(range.upperBound)
        guard let value = try optionalNumber(name, in: bounds) else { return nil }
        guard let whole = Int(exactly: value) else { throw wrong(name, .number(value), "a whole number") }
        return whole
    }

    /// True or false; `nil` where it is missing or null.
    mutating func optionalFlag(_ name: String) throws(DeskRefusal) -> Bool? {
        guard let item = item(name) else { return nil }
        guard case .flag(let flag) = item else { throw wrong(name, item, "true or false") }
        return flag
    }

    /// The fields of an object; `nil` where it is missing or null.
    mutating func optionalFields(_ name: String) throws(DeskRefusal) -> JSONFields? {
        guard let item = item(name) else { return nil }
        return try JSONFields(item, place: place + name)
    }

    /// A list that must be there.
    mutating func list(_ name: String, atMost count: Int) throws(DeskRefusal) -> [JSONItem] {
        let found = item(name)
        guard let found, case .list(let list) = found else { throw wrong(name, found, "a list") }
        guard list.count <= count else {
            throw DeskRefusal(
                .wrongInput, "`\(place)\(name)` has \(list.count) items", next: "Send at most \(count).")
        }
        return list
    }
}
