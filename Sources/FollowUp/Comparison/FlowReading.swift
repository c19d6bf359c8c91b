internal import CCSVIAnalysis

/// What one exam says of flow, by ids: `flow.` and the site's, `flow.total.supine`, `flow.measure.1`.
///
/// Published errors of volume flow differ by more than the flows do, so none is stated: a change has no error band.
struct FlowReading {
    /// One flow.
    struct Item {
        var name: String
        var value: StepValue
        var quantity = FollowUpQuantity.volumeFlow
        var method: FlowMethod?
    }

    /// The flows by their ids.
    private(set) var items: [String: Item] = [:]
    /// The ids in the order of the exam.
    private(set) var order: [String] = []

    init(_ view: FlowView) {
        for figure in view.figures {
            add(
                "flow.\(figure.siteID)",
                Item(name: figure.name, value: .measured(figure.mlPerMin, errorBand: nil), method: figure.method))
        }
        guard !view.figures.isEmpty else { return }
        for total in view.totals {
            add("flow.total.\(total.posture.rawValue)", Item(name: total.name, value: Self.value(total.mlPerMin)))
        }
        for (index, measure) in view.measures.enumerated() {
            add(
                "flow.measure.\(index + 1)",
                Item(
                    name: measure.name, value: Self.value(measure.value),
                    quantity: measure.unit.isEmpty ? .flowShare : .volumeFlow))
        }
    }

    /// The flow with an id; `notExamined` where the exam holds none.
    func value(_ id: String) -> StepValue { items[id]?.value ?? .notExamined }

    private static func value(_ number: Double?) -> StepValue {
        number.map { .measured($0, errorBand: nil) } ?? .notMeasured
    }

    private mutating func add(_ id: String, _ item: Item) {
        if items[id] == nil { order.append(id) }
        items[id] = item
    }
}
