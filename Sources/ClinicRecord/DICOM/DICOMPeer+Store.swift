internal import CDICOM

extension DICOMPeer {
    /// What became of one object.
    public struct StoreAnswer: Sendable, Hashable {
        /// SOP class of the object.
        public var sopClassUID: String
        /// SOP instance of the object.
        public var sopInstanceUID: String
        /// `nil` where the peer has it now.
        public var error: ClinicRecordError?
    }

    /// Asks whether it is there (C-ECHO).
    public func echo() throws(ClinicRecordError) {
        try calling("the echo request") { peer, _, outcome in cdicom_echo(peer, outcome) }
    }

    /// Sends objects in one association (C-STORE), each from memory.
    ///
    /// - Parameter objects: DICOM files (PS3.10), not compressed.
    /// - Returns: what became of each, in their order; where the association ended in between, its end for the rest.
    public func store(_ objects: [[UInt8]]) -> [StoreAnswer] {
        guard !objects.isEmpty else { return [] }
        var answers = [cdicom_store_answer](repeating: cdicom_store_answer(), count: objects.count)
        var ended: ClinicRecordError?
        // One copy in one piece, so that every object has a place that stays.
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, objects.reduce(0) { $0 + $1.count }))
        defer { bytes.deallocate() }
        var list: [cdicom_file] = []
        var place = 0
        for object in objects {
            let part = UnsafeMutableBufferPointer(rebasing: bytes[place..<place + object.count])
            _ = part.initialize(from: object)
            list.append(cdicom_file(bytes: part.baseAddress, count: object.count))
            place += object.count
        }
        do throws(ClinicRecordError) {
            try calling("the object") { peer, _, outcome in
                cdicom_store(peer, list, list.count, &answers, outcome)
            }
        } catch {
            ended = error
        }
        return answers.map { answer($0, ended) }
    }

    private func answer(_ answer: cdicom_store_answer, _ ended: ClinicRecordError?) -> StoreAnswer {
        let sopClass = CTexts.read(answer.sop_class)
        let error: ClinicRecordError? =
            switch answer.end {
            case cdicom_done:
                // It is there already, and the bytes of an instance never change.
                DICOMStatus(answer.status).isTaken || answer.status == DICOMStatus.duplicate
                    ? nil : .refused(peer: description, what: "the object", status: answer.status)
            case cdicom_not_offered: .notOffered(peer: description, what: "objects of class \(sopClass)")
            case cdicom_bad_input: .badDocument(reason: "it is no DICOM object")
            default: ended ?? .broken(reason: "\(description): an object without an answer")
            }
        return StoreAnswer(
            sopClassUID: sopClass, sopInstanceUID: CTexts.read(answer.sop_instance), error: error)
    }
}
