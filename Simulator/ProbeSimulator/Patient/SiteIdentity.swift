/// A site id taken apart: `ijv.left.j1.supine`, `vv.right.sitting`, `bvr.left.transtemporal.supine`.
///
/// The words are those of the exam's site ids; the simulator knows them as text only.
struct SiteIdentity: Sendable, Hashable {
    /// The id's parts.
    let parts: [String]

    static let neckVeins = ["ijv", "vv"]
    static let windowVeins = ["icv", "bvr", "gcv", "dmcv", "ss", "ts", "cs", "sps", "ips", "azv"]
    static let sides = ["left", "right"]
    static let levels = ["j1", "j2", "j3"]
    static let windows = ["transtemporal", "occipital", "intercostal", "suprasternal"]
    static let postures = ["supine", "sitting"]

    /// The allowed words of each part, for ids of a vein.
    static func words(ofVein vein: String) -> [[String]]? {
        switch vein {
        case "ijv": [[vein], sides, levels, postures]
        case "vv": [[vein], sides, postures]
        case _ where windowVeins.contains(vein): [[vein], sides, windows, postures]
        default: nil
        }
    }

    /// An id from its text; `nil` when it is not one.
    init?(_ id: String) {
        let parts = id.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let vein = parts.first, let words = Self.words(ofVein: vein), words.count == parts.count,
            zip(parts, words).allSatisfy({ $1.contains($0) })
        else { return nil }
        self.parts = parts
    }

    /// The id's text.
    var id: String { parts.joined(separator: ".") }

    /// Side, level and posture, where the site is one of the internal jugular vein.
    var jugularPlace: JugularPlace? {
        guard parts.first == "ijv", parts.count == 4 else { return nil }
        return JugularPlace(side: parts[1], level: parts[2], posture: parts[3])
    }

    /// Every site that the exam can name and a scenario must cover: neck veins, the deep cerebral veins and the
    /// sinuses through the temporal bone, the straight sinus from behind, the azygos vein between the ribs and from above
    /// the sternum.
    static let all: [SiteIdentity] = {
        let neck = neckVeins.map { (vein: $0, window: String?.none) }
        let temporal = ["icv", "bvr", "gcv", "dmcv", "ss", "ts", "cs", "sps", "ips"].map {
            (vein: $0, window: Optional("transtemporal"))
        }
        let others = [("ss", "occipital"), ("azv", "intercostal"), ("azv", "suprasternal")].map {
            (vein: $0.0, window: Optional($0.1))
        }
        var found: [SiteIdentity] = []
        for place in neck + temporal + others {
            for side in sides {
                for third in place.vein == "ijv" ? levels : [place.window ?? ""] {
                    for posture in postures {
                        let id = [place.vein, side, third, posture].filter { !$0.isEmpty }.joined(separator: ".")
                        if let site = SiteIdentity(id) { found.append(site) }
                    }
                }
            }
        }
        return found
    }()
}

/// One level of an internal jugular vein in one posture, where an area is measured.
struct JugularPlace: Sendable, Hashable {
    /// `left` or `right`.
    let side: String
    /// `j1`, `j2` or `j3`.
    let level: String
    /// `supine` or `sitting`.
    let posture: String

    /// A place from its parts.
    init(side: String, level: String, posture: String) {
        self.side = side
        self.level = level
        self.posture = posture
    }

    /// A place from `left.j1.supine`; `nil` when it is not one.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, SiteIdentity.sides.contains(parts[0]), SiteIdentity.levels.contains(parts[1]),
            SiteIdentity.postures.contains(parts[2])
        else { return nil }
        self.init(side: parts[0], level: parts[1], posture: parts[2])
    }

    static let all = SiteIdentity.sides.flatMap { side in
        SiteIdentity.levels.flatMap { level in
            SiteIdentity.postures.map { JugularPlace(side: side, level: level, posture: $0) }
        }
    }
}
