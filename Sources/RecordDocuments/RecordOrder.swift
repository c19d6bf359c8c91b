/// What the clinic asked for: the item of the worklist that an exam was made for, copied as it came (DICOM PS3.4 annex K).
///
/// An exam without a worklist item has none of it but the identifiers that were made here.
public struct RecordOrder: Sendable, Hashable, Codable {
    /// Study Instance UID: the order's, or one made here once and kept.
    public var studyInstanceUID: String
    /// Accession number; empty for an exam without an order.
    public var accessionNumber: String
    /// Requested procedure; `nil` for an exam without an order.
    public var requestedProcedureID: String?
    /// What was asked for, in words; `nil` for an exam without an order.
    public var requestedProcedureDescription: String?
    /// Scheduled procedure step; `nil` for an exam without an order.
    public var scheduledStepID: String?
    /// What was planned, in words; `nil` for an exam without an order.
    public var scheduledStepDescription: String?
    /// Who sent the patient; `nil` where it is not known.
    public var referringPhysician: RecordPersonName?
    /// The number that the ordering system gave; `nil` where it is not known.
    public var placerOrderNumber: String?
    /// The number that the department's system gave; `nil` where it is not known.
    public var fillerOrderNumber: String?

    /// An order from its fields.
    public init(
        studyInstanceUID: String, accessionNumber: String = "", requestedProcedureID: String? = nil,
        requestedProcedureDescription: String? = nil, scheduledStepID: String? = nil,
        scheduledStepDescription: String? = nil, referringPhysician: RecordPersonName? = nil,
        placerOrderNumber: String? = nil, fillerOrderNumber: String? = nil
    ) {
        self.studyInstanceUID = studyInstanceUID
        self.accessionNumber = accessionNumber
        self.requestedProcedureID = requestedProcedureID
        self.requestedProcedureDescription = requestedProcedureDescription
        self.scheduledStepID = scheduledStepID
        self.scheduledStepDescription = scheduledStepDescription
        self.referringPhysician = referringPhysician
        self.placerOrderNumber = placerOrderNumber
        self.fillerOrderNumber = fillerOrderNumber
    }
}
