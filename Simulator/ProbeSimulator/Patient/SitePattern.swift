/// A pattern over site ids: `*` stands for any one part, and alone for every site.
struct SitePattern: Sendable, Hashable {
    private static let any = "*"

    /// The pattern's parts.
    let parts: [String]

    /// A pattern from its text; `nil` when no site could ever match it.
    init?(_ text: String) {
        parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts != [Self.any] else { return }
        let veins = SiteIdentity.neckVeins + SiteIdentity.windowVeins
        guard veins.contains(where: { vein in matchesWords(SiteIdentity.words(ofVein: vein) ?? []) }) else {
            return nil
        }
    }

    private func matchesWords(_ words: [[String]]) -> Bool {
        words.count == parts.count && zip(parts, words).allSatisfy { $0 == Self.any || $1.contains($0) }
    }

    /// Whether a site falls under the pattern.
    func matches(_ site: SiteIdentity) -> Bool {
        if parts == [Self.any] { return true }
        return parts.count == site.parts.count && zip(parts, site.parts).allSatisfy { $0 == Self.any || $0 == $1 }
    }

    /// Whether this pattern gives way to another: fewer parts are named, or as many, but later ones.
    func isLessSpecific(than other: SitePattern) -> Bool {
        let named = parts.map { $0 != Self.any }
        let othersNamed = other.parts.map { $0 != Self.any }
        let (count, othersCount) = (named.count { $0 }, othersNamed.count { $0 })
        if count != othersCount { return count < othersCount }
        for (here, there) in zip(named, othersNamed) where here != there { return there }
        return false
    }
}
