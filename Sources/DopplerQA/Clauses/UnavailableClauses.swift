extension Clause {
    /// The area of the lumen in a B-mode frame.
    static let area = Clause(
        name: "area", heading: "IEC 61391-1 measurement of area", limit: "ellipse 2 %, automatic contour 5 %"
    ) { (_) throws(QAError) in
        .notAvailable("the test object makes no B-mode frames yet")
    }

    /// A marker against the samples.
    static let marker = Clause(
        name: "marker", heading: "IEC 61206 time axis", limit: "marker to sample: 1 ms"
    ) { (_) throws(QAError) in
        .notAvailable("markers reach a recording beside the samples, which the test object does not make yet")
    }
}
