internal import CDICOM

extension DICOMPeer {
    /// Asks for the scheduled steps (C-FIND, PS3.4 annex K).
    public func worklist(_ query: WorklistQuery) throws(ClinicRecordError) -> Worklist {
        let gathering = Gathering()
        try calling("the worklist query") { peer, texts, outcome in
            let list = Self.keys(query).list(texts)
            let context = Unmanaged.passUnretained(gathering).toOpaque()
            let found: cdicom_found = { context, isReadable, list, count in
                guard let context else { return }
                let gathering = Unmanaged<Gathering>.fromOpaque(context).takeUnretainedValue()
                gathering.take(isReadable != 0, DICOMAttributes(list, count))
            }
            cdicom_find_worklist(
                peer, list, list.count, texts.add(query.defaultCharacterSet), Int32(clamping: query.mostAnswers), found,
                context, outcome)
        }
        return gathering.worklist
    }

    /// What the answers make.
    private final class Gathering {
        var worklist = Worklist()

        func take(_ isReadable: Bool, _ answer: DICOMAttributes) {
            guard isReadable else { return worklist.unreadableCount += 1 }
            guard let item = WorklistItem(answer) else { return worklist.incompleteCount += 1 }
            worklist.items.append(item)
        }
    }

    /// Matching keys, and the empty ones that are asked back.
    static func keys(_ query: WorklistQuery) -> DICOMAttributes {
        var keys = DICOMAttributes()
        keys.add([
            "00080005": "ISO_IR 192", "00080050": nil, "00080090": nil, "00100010": nil, "00100020": nil,
            "00100021": nil, "00100030": nil, "00100040": nil, "0020000D": nil, "00321060": nil, "00401001": nil,
            "00400100[0].00080060": query.modality, "00400100[0].00400001": query.stationTitle,
            "00400100[0].00400002": query.date, "00400100[0].00400003": nil, "00400100[0].00400007": nil,
            "00400100[0].00400009": nil,
        ])
        return keys
    }
}
