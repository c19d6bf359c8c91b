extension VHISSTable {
    /// The score of an exam by this table.
    func score(_ cells: ExamCells) -> VHISSScore {
        let parts = parts.map { part in
            let states = part.cells.states(cells)
            return VHISSPart(
                name: part.name, counts: part.counts, found: states.count { $0 == .yes },
                unknown: states.count { $0 == .open }, pointsEach: part.pointsEach, atMost: part.atMost)
        }
        return VHISSScore(
            table: reference, tableIsVerified: isVerified, parts: parts, low: parts.reduce(0) { $0 + $1.low },
            high: parts.reduce(0) { $0 + $1.high })
    }
}

extension VHISSPart {
    /// Points if nothing that is unknown is abnormal.
    public var low: Int { min(atMost, found * pointsEach) }
    /// Points if everything that is unknown is abnormal.
    public var high: Int { min(atMost, (found + unknown) * pointsEach) }
}

extension VHISSTable.Cells {
    /// The states of all cells of one kind.
    func states(_ cells: ExamCells) -> [Ternary] {
        let veins = Vein.allCases.filter(\.isNeckVein)
        switch self {
        case .neckVeinPostureRefluxOrAbsence: return neckStates(.refluxOrAbsence, veins, cells)
        case .neckVeinPostureReflux: return neckStates(.reflux, veins, cells)
        case .neckVeinPostureAbsence: return neckStates(.absence, veins, cells)
        case .neckVeinReflux: return veins.flatMap { vein in Side.allCases.map { cells.neckReflux(vein, $0).state } }
        case .neckVeinAbsence: return veins.flatMap { vein in Side.allCases.map { cells.neckAbsence(vein, $0).state } }
        case .intracranialSidePosture:
            return Side.allCases.flatMap { side in Posture.allCases.map { cells.intracranial(side, $0).state } }
        case .intracranialSide:
            return Side.allCases.map { side in
                Cell.any(Posture.allCases.map { cells.intracranial(side, $0) }).state
            }
        case .jugularStenosis: return Side.allCases.map { cells.stenosis($0).state }
        case .jugularNegativeDelta: return Side.allCases.map { cells.negativeDelta($0).state }
        }
    }

    private func neckStates(_ question: ExamCells.NeckQuestion, _ veins: [Vein], _ cells: ExamCells) -> [Ternary] {
        veins.flatMap { vein in
            Side.allCases.flatMap { side in
                Posture.allCases.map { cells.neck(question, vein, side, $0).state }
            }
        }
    }
}
