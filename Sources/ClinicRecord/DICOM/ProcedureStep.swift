internal import CDICOM
public import RecordDocuments

/// A performed procedure step, as a worklist's owner is told of it (MPPS, PS3.4 annex F).
public struct ProcedureStep: Sendable, Hashable, Codable {
    /// Its instance, made once and kept.
    public var instanceUID: String
    /// Our number of the step, at most 16 characters.
    public var stepID: String
    /// Our AE title.
    public var stationTitle: String
    /// When it began: date, as DICOM writes it.
    public var startDate: String
    /// When it began: time, as DICOM writes it.
    public var startTime: String
    /// What was asked for.
    public var order: RecordOrder

    /// A step from its fields.
    public init(
        instanceUID: String, stepID: String, stationTitle: String, startDate: String, startTime: String,
        order: RecordOrder
    ) {
        self.instanceUID = instanceUID
        self.stepID = stepID
        self.stationTitle = stationTitle
        self.startDate = startDate
        self.startTime = startTime
        self.order = order
    }

    /// How a step ended.
    public enum End: Sendable, Hashable, Codable {
        /// With these objects.
        case completed(series: [Series])
        /// Without the exam that was meant.
        case discontinued(reason: DiscontinuationReason, series: [Series])
    }

    /// A series that was made in the step.
    public struct Series: Sendable, Hashable, Codable {
        /// Its UID.
        public var instanceUID: String
        /// In words, as the protocol names it.
        public var protocolName: String
        /// The images in it: class and instance.
        public var images: [Reference]
        /// The other objects in it.
        public var others: [Reference]

        /// A series from its fields.
        public init(instanceUID: String, protocolName: String, images: [Reference] = [], others: [Reference] = []) {
            self.instanceUID = instanceUID
            self.protocolName = protocolName
            self.images = images
            self.others = others
        }
    }

    /// One object.
    public struct Reference: Sendable, Hashable, Codable {
        /// Its SOP class.
        public var sopClassUID: String
        /// Its SOP instance.
        public var sopInstanceUID: String

        /// An object from its UIDs.
        public init(sopClassUID: String, sopInstanceUID: String) {
            self.sopClassUID = sopClassUID
            self.sopInstanceUID = sopInstanceUID
        }
    }
}

/// Why a step was ended early (PS3.16 CID 9300).
public struct DiscontinuationReason: Sendable, Hashable, Codable {
    /// Code of the scheme DCM.
    public var code: String
    /// Its meaning.
    public var meaning: String

    /// Incorrect worklist entry selected.
    public static let wrongEntry = DiscontinuationReason(code: "110514", meaning: "Incorrect worklist entry selected")
    /// Discontinued for unspecified reason.
    public static let unspecified = DiscontinuationReason(
        code: "110513", meaning: "Discontinued for unspecified reason")
    /// Equipment failure.
    public static let equipment = DiscontinuationReason(code: "110501", meaning: "Equipment failure")
}

extension ProcedureStep {
    private static let step = "00400270[0]."

    /// The attributes of N-CREATE, those of type 2 without a value included (PS3.4 table F.7.2-1).
    func creation(of subject: RecordSubject) -> DICOMAttributes {
        var data = DICOMAttributes()
        data.add(["00080005": "ISO_IR 192", "00080060": "US", "00081032": nil, "00081120": nil])
        let sex =
            switch subject.sex {
            case .female: "F"
            case .male: "M"
            case .other: "O"
            case nil: ""
            }
        data.add([
            "00100010": subject.name.dicom, "00100020": subject.patientID, "00100021": subject.issuer,
            "00100030": subject.birthDate?.replacing("-", with: ""), "00100040": sex, "00200010": nil,
            "00400241": stationTitle, "00400242": nil, "00400243": nil, "00400244": startDate, "00400245": startTime,
            "00400250": nil, "00400251": nil, "00400252": "IN PROGRESS", "00400253": stepID,
            "00400254": order.scheduledStepDescription, "00400255": nil, "00400260": nil,
            Self.step + "00080050": order.accessionNumber, Self.step + "00081110": nil,
            Self.step + "0020000D": order.studyInstanceUID, Self.step + "00321060": order.requestedProcedureDescription,
            Self.step + "00400007": order.scheduledStepDescription, Self.step + "00400008": nil,
            Self.step + "00400009": order.scheduledStepID, Self.step + "00401001": order.requestedProcedureID,
            "00400340": nil,
        ])
        return data
    }

    /// The attributes of the last N-SET.
    static func ending(_ end: End, date: String, time: String) -> DICOMAttributes {
        var data = DICOMAttributes()
        data.add(["00080005": "ISO_IR 192"])
        let all: [Series]
        switch end {
        case .completed(let series):
            all = series
            data.add(["00400250": date, "00400251": time, "00400252": "COMPLETED"])
        case .discontinued(let reason, let series):
            all = series
            data.add([
                "00400250": date, "00400251": time, "00400252": "DISCONTINUED",
                "00400281[0].00080100": reason.code, "00400281[0].00080102": "DCM",
                "00400281[0].00080104": reason.meaning,
            ])
        }
        for (index, series) in all.enumerated() { data.add(series, "00400340[\(index)].") }
        return data
    }
}

extension DICOMAttributes {
    /// One item of the sequence of performed series (PS3.4 table F.7.2-1).
    fileprivate mutating func add(_ series: ProcedureStep.Series, _ place: String) {
        add([
            place + "00080054": nil, place + "0008103E": nil, place + "00081050": nil, place + "00081070": nil,
            place + "00181030": series.protocolName, place + "0020000E": series.instanceUID,
        ])
        for (sequence, list) in [("00081140", series.images), ("00400220", series.others)] {
            guard !list.isEmpty else {
                add([place + sequence: nil])
                continue
            }
            for (index, object) in list.enumerated() {
                add([
                    place + sequence + "[\(index)].00081150": object.sopClassUID,
                    place + sequence + "[\(index)].00081155": object.sopInstanceUID,
                ])
            }
        }
    }
}

extension DICOMPeer {
    /// Tells that a step began (N-CREATE, IN PROGRESS).
    ///
    /// One that is known there already is as good as told: the beginning of a step never changes.
    public func begin(_ step: ProcedureStep, of subject: RecordSubject) throws(ClinicRecordError) {
        do throws(ClinicRecordError) {
            try calling("the beginning of a procedure step (MPPS)") { peer, texts, outcome in
                let list = step.creation(of: subject).list(texts)
                cdicom_step_create(peer, texts.add(step.instanceUID), list, list.count, outcome)
            }
        } catch .refused(_, _, DICOMStatus.duplicate) {
            return
        }
    }

    /// Tells that a step has ended (N-SET); final, it is never told anything more of that step.
    ///
    /// - Parameters:
    ///   - date: as DICOM writes it, `20260131`.
    ///   - time: as DICOM writes it, `101500`.
    public func end(
        _ instanceUID: String, _ end: ProcedureStep.End, date: String, time: String
    ) throws(ClinicRecordError) {
        try calling("the end of a procedure step (MPPS)") { peer, texts, outcome in
            let list = ProcedureStep.ending(end, date: date, time: time).list(texts)
            cdicom_step_set(peer, texts.add(instanceUID), list, list.count, outcome)
        }
    }
}
