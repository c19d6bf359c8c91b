extension LumenDefectKind {
    /// The defect with its group and what it looks like: `septum (intraluminal: a thin line held at both ends)`.
    public var codedWords: String { "\(words) (\(group.rawValue): \(meaning))" }
}

extension LeafletMotion {
    /// The motion in words: `leaflets slightly mobile`.
    public var words: String {
        switch self {
        case .mobile: "leaflets mobile"
        case .slightlyMobile: "leaflets slightly mobile"
        case .immobile: "leaflets immobile"
        }
    }
}

extension ExamMeasurements {
    /// What the jugular lumens showed, level by level, as a coded list.
    ///
    /// First one entry for each place with a defect, with leaflets that were looked at or with a reason why it could
    /// not be assessed; then the places without a defect in one entry, and those that were not looked at in another.
    public var lumenLines: [String] {
        var telling: [String] = []
        var clear: [String] = []
        var unseen: [String] = []
        for side in [Side.right, .left] {
            for level in JugularLevel.allCases {
                let place = LumenPlace(side: side, level: level)
                let name = "\(side.rawValue) \(level.rawValue.uppercased())"
                let inspection = lumenInspections.first { $0.place == place }
                let defects = lumenDefects.filter { $0.side == side && $0.level == level }
                let leaflets = inspection?.leafletMotion.map { ["\($0.words) (M-mode)"] } ?? []
                if !defects.isEmpty || !leaflets.isEmpty {
                    let seen = defects.isEmpty ? ["no defect"] : defects.map(\.kind.codedWords)
                    telling.append("\(name): \((seen + leaflets).joined(separator: ", "))")
                } else if inspection?.status == .notAssessable {
                    telling.append("\(name): not assessable: \(inspection?.reason ?? "no reason given")")
                } else if inspection?.status == .examined {
                    clear.append(name)
                } else {
                    unseen.append(name)
                }
            }
        }
        if !clear.isEmpty { telling.append("no defect: \(clear.joined(separator: ", "))") }
        if !unseen.isEmpty { telling.append("not looked at for defects: \(unseen.joined(separator: ", "))") }
        return telling
    }
}
