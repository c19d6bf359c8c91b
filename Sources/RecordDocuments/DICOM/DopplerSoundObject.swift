/// The sound of a gate as a General Audio Waveform (PS3.3 A.34.10, C.10.8, C.10.9): two channels of 16 bits at the pulse
/// repetition frequency.
enum DopplerSoundObject {
    /// The highest Sampling Frequency of this object (PS3.3 A.34.10.4).
    static let mostHz = 44_100.0
    private static let channels = 2
    private static let bits = 16
    /// Bytes of samples that the length of one element has room for (PS3.5 7.1.2).
    private static let mostSamples = (Int(UInt32.max) - 1) / 4
    private static let mostGates = 512
    /// The most gaps that are listed one by one (project choice; the samples are 0 in all of them).
    private static let mostGaps = 10_000

    static func file(_ sound: DopplerSound) throws(RecordDocumentError) -> [UInt8] {
        try check(sound)
        let codes = try CodeTable.builtIn()
        let object = try DICOMObject(nil)
        let started = try RecordTime(sound.startedAt, "start of the recording")
        try putInstance(sound, started, into: object)
        try putSubject(sound, into: object)
        try putEquipment(sound.station, into: object)
        try putScheme(into: object)
        try object.put(.synchronizationFrameOfReferenceUID, sound.identifiers.timeBase)
        try object.put(.synchronizationTrigger, "NO TRIGGER")
        try object.put(.acquisitionTimeSynchronized, "N")
        try object.put(.acquisitionContextSequence, "")
        try putWaveform(sound, codes, into: object)
        try putAnnotations(sound, into: object)
        return try object.bytes()
    }

    private static func check(_ sound: DopplerSound) throws(RecordDocumentError) {
        let count = sound.towards.count
        guard count > 0, count == sound.away.count else {
            throw .sound(what: "\(count) samples towards and \(sound.away.count) away: record again")
        }
        guard count <= mostSamples else { throw .sound(what: "\(count) samples, at most \(mostSamples): record less") }
        guard sound.rateHz >= 1, sound.rateHz <= mostHz else {
            throw .sound(
                what: "\(sound.rateHz) samples a second: a General Audio Waveform holds at most 44100; take --to "
                    + "wav-directions")
        }
        guard (0..<mostGates).contains(sound.gate) else {
            throw .sound(what: "gate \(sound.gate) is none: record again")
        }
        var end = 0
        for gap in sound.gaps {
            guard gap.firstSample >= end, gap.samples > 0, gap.samples <= count - gap.firstSample else {
                throw .sound(what: "a gap of \(gap.samples) samples from \(gap.firstSample) on is not within it")
            }
            end = gap.firstSample + gap.samples
        }
        let identifiers = sound.identifiers
        for (uid, field) in [
            (identifiers.study, "study"), (identifiers.series, "series"), (identifiers.instance, "instance"),
            (identifiers.timeBase, "time base"),
        ] {
            try RecordIdentifiers.validate(uid: uid, field)
        }
    }

    private static func marked(_ sound: DopplerSound, _ text: String) -> String {
        sound.isSimulated ? "\(ExamContent.simulatedMark) \(text)" : text
    }

    private static func putInstance(
        _ sound: DopplerSound, _ started: RecordTime, into object: borrowing DICOMObject
    ) throws(RecordDocumentError) {
        try object.put(.sopClassUID, RecordSOPClass.generalAudioWaveform)
        try object.put(.sopInstanceUID, sound.identifiers.instance)
        try object.put(.studyInstanceUID, sound.identifiers.study)
        try object.put(.seriesInstanceUID, sound.identifiers.series)
        try object.put(.studyDate, started.dicomDate)
        try object.put(.studyTime, started.dicomTime)
        try object.put(.contentDate, started.dicomDate)
        try object.put(.contentTime, started.dicomTime)
        try object.put(.acquisitionDateTime, started.dicomDateTime)
        try object.put(.timezoneOffsetFromUTC, started.offset)
        try object.put(.studyID, "")
        try object.put(.accessionNumber, "")
        try object.put(.referringPhysicianName, "")
        try object.put(.studyDescription, marked(sound, CommonModules.studyDescription))
        try object.put(.modality, "AU")
        try object.put(.seriesNumber, "\(sound.seriesNumber)")
        try object.put(.instanceNumber, "\(sound.gate + 1)")
        let series = marked(sound, "Doppler sound \(sound.recording)")
        try object.put(
            .seriesDescription,
            try RecordText.line(String(series.prefix(RecordText.longString)), "name of the recording"))
    }

    /// The subject's code stands for number and name: nothing else is known here.
    private static func putSubject(
        _ sound: DopplerSound, into object: borrowing DICOMObject
    ) throws(RecordDocumentError) {
        try object.put(.patientName, "")
        try object.put(.patientID, try RecordText.line(sound.subjectCode ?? "", "subject's code"))
        try object.put(.patientBirthDate, "")
        try object.put(.patientSex, "")
        try object.put(.patientIdentityRemoved, "YES")
        try object.put(.deidentificationMethod, "made from recordings that know a code alone; dates are kept")
    }

    private static func putEquipment(
        _ station: RecordStation, into object: borrowing DICOMObject
    ) throws(RecordDocumentError) {
        try object.put(.manufacturer, try RecordText.required(station.manufacturer, "manufacturer"))
        try object.put(.manufacturerModelName, try RecordText.required(station.model, "model"))
        try object.put(.deviceSerialNumber, try RecordText.required(station.serial, "serial number"))
        try object.put(.softwareVersions, try RecordText.required(station.softwareVersion, "software version"))
    }

    /// The private scheme, whose codes tell the channels apart.
    private static func putScheme(into object: borrowing DICOMObject) throws(RecordDocumentError) {
        try object.begin(.codingSchemeIdentificationSequence)
        try object.put(.codingSchemeDesignator, PrivateScheme.designator)
        try object.put(.codingSchemeUID, PrivateScheme.uid)
        try object.put(.codingSchemeName, PrivateScheme.name)
        try object.put(.codingSchemeVersion, PrivateScheme.version)
        try object.put(.codingSchemeOrganisation, PrivateScheme.organisation)
        try object.end()
    }

    private static func putWaveform(
        _ sound: DopplerSound, _ codes: CodeTable, into object: borrowing DICOMObject
    ) throws(RecordDocumentError) {
        try object.begin(.waveformSequence)
        // Made of I and Q by a filter.
        try object.put(.waveformOriginality, "DERIVED")
        try object.put(.numberOfWaveformChannels, integer: channels)
        try object.put(.numberOfWaveformSamples, integer: sound.towards.count)
        try object.put(.samplingFrequency, try RecordNumber(sound.rateHz, "sampling frequency").dicom)
        if sound.isSimulated { try object.put(.multiplexGroupLabel, ExamContent.simulatedMark) }
        for (number, (label, concept)) in [("towards", RecordConcept.towards), ("away", .away)].enumerated() {
            try object.begin(.channelDefinitionSequence)
            try object.put(.waveformChannelNumber, "\(number + 1)")
            try object.put(.channelLabel, label)
            try object.put(.channelSourceSequence, code: codes[.dopplerAudio])
            try object.put(.channelSourceModifiersSequence, code: codes[concept])
            try object.put(.channelSampleSkew, "0")
            try object.put(.waveformBitsStored, integer: bits)
            try object.end()
        }
        try object.put(.waveformBitsAllocated, integer: bits)
        try object.put(.waveformSampleInterpretation, "SS")
        var words: [UInt16] = []
        words.reserveCapacity(channels * sound.towards.count)
        for (towards, away) in zip(sound.towards, sound.away) {
            words.append(UInt16(bitPattern: towards))
            words.append(UInt16(bitPattern: away))
        }
        try object.put(.waveformData, words: words)
        try object.end()
    }

    /// What must be read with the sound: that it is simulated, and where samples are missing (PS3.3 C.10.10).
    private static func putAnnotations(
        _ sound: DopplerSound, into object: borrowing DICOMObject
    ) throws(RecordDocumentError) {
        var texts: [String] = []
        if sound.isSimulated {
            texts.append("\(ExamContent.simulatedMark): made of simulated data, says nothing of a person.")
        }
        texts.append("Left: flow towards the transducer; right: away from it. One sample a pulse, gate \(sound.gate).")
        let lost = sound.gaps.reduce(0) { $0 + $1.samples }
        if lost > 0 { texts.append("\(lost) of \(sound.towards.count) samples are missing and stand as 0.") }
        if sound.gaps.count > mostGaps { texts.append("\(sound.gaps.count) gaps, the first \(mostGaps) are listed.") }
        for text in texts {
            try object.begin(.waveformAnnotationSequence)
            try object.put(.unformattedTextValue, text)
            // Group 1, all of its channels.
            try object.put(.referencedWaveformChannels, integers: [1, 0])
            try object.end()
        }
        for gap in sound.gaps.prefix(mostGaps) {
            try object.begin(.waveformAnnotationSequence)
            try object.put(.unformattedTextValue, "missing samples")
            try object.put(.referencedWaveformChannels, integers: [1, 0])
            try object.put(.temporalRangeType, gap.samples == 1 ? "POINT" : "SEGMENT")
            // Counted from 1 (PS3.3 C.10.10.1.1).
            let last = gap.firstSample + gap.samples
            try object.put(
                .referencedSamplePositions, integers: gap.samples == 1 ? [last] : [gap.firstSample + 1, last])
            try object.end()
        }
    }
}
