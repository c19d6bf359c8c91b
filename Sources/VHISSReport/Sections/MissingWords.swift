import CCSVIAnalysis

/// Puts missing items into few words: those that differ in one part alone are named together.
enum MissingWords {
    /// `left internal jugular vein, J1 and J3, supine and sitting (dressing); right vertebral vein, sitting`.
    static func groups(_ items: [MissingItem]) -> [String] {
        var order: [String] = []
        var byReason: [String: [[String]]] = [:]
        for item in items.prefix(mostItems) {
            let reason = item.reason ?? ""
            if byReason[reason] == nil { order.append(reason) }
            byReason[reason, default: []].append(item.text.split(separator: ", ").map(String.init))
        }
        return order.flatMap { reason in
            joined(byReason[reason] ?? []).map { $0 + (reason.isEmpty ? "" : " (\(reason))") }
        }
    }

    /// Limitations that say the same of several sites, each as one.
    static func limitations(_ lines: [String]) -> [String] {
        var order: [String] = []
        var names: [String: [[String]]] = [:]
        for line in lines.prefix(mostItems) {
            let colon = line.firstRange(of: ": ")
            let said = colon.map { String(line[$0.lowerBound...]) } ?? line
            if names[said] == nil { order.append(said) }
            if let colon {
                names[said, default: []].append(line[..<colon.lowerBound].split(separator: ", ").map(String.init))
            } else {
                names[said] = []
            }
        }
        return order.flatMap { said in
            let found = names[said] ?? []
            return found.isEmpty ? [said] : joined(found).map { $0 + said }
        } + lines.dropFirst(mostItems)
    }

    /// Names such as `left vertebral vein, supine`, those together that differ in one part alone.
    static func joinedNames(_ names: [String]) -> [String] {
        joined(names.prefix(mostItems).map { $0.split(separator: ", ").map(String.init) })
    }

    /// The names, those together that differ in one part alone.
    private static func joined(_ names: [[String]]) -> [String] {
        var names = names
        for place in 1...3 { names = merged(names, fromEnd: place) }
        return names.map { $0.joined(separator: ", ") }
    }

    /// More items than this are not grouped; an exam plans about forty steps.
    private static let mostItems = 200

    /// Merges those whose parts are the same but for one, counted from the end.
    private static func merged(_ names: [[String]], fromEnd place: Int) -> [[String]] {
        var order: [[String]] = []
        var values: [[String]: [String]] = [:]
        for name in names {
            guard name.count >= max(place, 2) else {
                order.append(name)
                continue
            }
            var key = name
            key[name.count - place] = ""
            if values[key] == nil { order.append(key) }
            values[key, default: []].append(name[name.count - place])
        }
        return order.map { key in
            guard let found = values[key] else { return key }
            var name = key
            name[key.count - place] = list(found)
            return name
        }
    }

    private static func list(_ words: [String]) -> String {
        var unique: [String] = []
        for word in words where !unique.contains(word) { unique.append(word) }
        guard let last = unique.last, unique.count > 1 else { return unique.first ?? "" }
        return unique.dropLast().joined(separator: ", ") + " and " + last
    }
}
