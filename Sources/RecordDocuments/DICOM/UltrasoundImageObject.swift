import CCSVIAnalysis
import DopplerDSP

/// The spectrum of a recording as a DICOM image with a calibrated region (PS3.3 A.6, C.8.5.5).
enum UltrasoundImageObject {
    /// Image Type: an original of the vascular kind, made by pulsed Doppler (value 4 is a sum of bits; PS3.3 C.8.5.6.1.1).
    static let imageType = "ORIGINAL\\PRIMARY\\VASCULAR\\0008"
    /// Spectral region, pulsed Doppler, seconds across and cm/s upwards (PS3.3 C.8.5.5.1).
    static let spectralFormat = 3, pulsedDoppler = 3, seconds = 4, centimetresPerSecond = 7

    /// The object.
    static func document(
        _ exam: Exam, _ picture: RecordPicture, _ given: RecordSpectrogram, _ context: RecordContext,
        _ codes: CodeTable
    ) throws(RecordDocumentError) -> RecordDocument {
        let image = try SpectrumImage(given, scale: picture.recording.scale)
        let object = try DICOMObject(.usImage)
        let common = try CommonModules(exam, context)
        let side = picture.laterality == "L" ? " left" : picture.laterality == "R" ? " right" : ""
        try common.put(
            into: object,
            CommonModules.Place(
                sopClassUID: RecordSOPClass.ultrasoundImage, sopInstanceUID: picture.instanceUID,
                seriesInstanceUID: picture.seriesUID, seriesNumber: picture.seriesNumber,
                instanceNumber: picture.instanceNumber, modality: "US", seriesDescription: "Spectral Doppler\(side)",
                isAcquired: true))
        try common.putRequestAttributes(into: object)
        if let name = context.operatorName { try object.put(.operatorsName, try name.dicomText("operator")) }
        let site = picture.recording.site
        try object.put(.imageType, imageType)
        try object.put(.acquisitionDateTime, try RecordTime(exam.startedAt, "start of the exam").dicomDateTime)
        // A side excludes the names of regions that have none, and the other way round (PS3.3 C.7.3.1.1).
        if picture.laterality.isEmpty {
            try object.put(.bodyPartExamined, bodyPart(site))
        } else {
            try object.put(.laterality, picture.laterality)
        }
        try object.put(.patientOrientation, "")
        try object.put(.anatomicRegionSequence, code: codes[site.vein.concept])
        let mark = exam.isSimulated ? "\(ExamContent.simulatedMark). " : ""
        let comment = "\(mark)\(site.name); recording \(picture.recording.recordingID)"
        try object.put(.imageComments, try RecordText.block(comment, "recording", atMost: RecordText.longText))
        try putPixels(image, into: object)
        try putRegion(image, picture.recording, into: object)
        return RecordDocument(kind: .usImage, identifier: picture.instanceUID, bytes: try object.bytes())
    }

    /// Body Part Examined of a vein in the midline (PS3.16 annex L).
    private static func bodyPart(_ site: ExamSite) -> String {
        site.vein == .azygos ? "CHEST" : "HEAD"
    }

    private static func putPixels(
        _ image: SpectrumImage, into object: borrowing DICOMObject
    ) throws(RecordDocumentError) {
        try object.put(.samplesPerPixel, integer: 3)
        try object.put(.photometricInterpretation, "RGB")
        try object.put(.planarConfiguration, integer: 0)
        try object.put(.rows, integer: image.height)
        try object.put(.columns, integer: image.width)
        try object.put(.bitsAllocated, integer: 8)
        try object.put(.bitsStored, integer: 8)
        try object.put(.highBit, integer: 7)
        try object.put(.pixelRepresentation, integer: 0)
        try object.put(.ultrasoundColorDataPresent, integer: 0)
        try object.put(.lossyImageCompression, "00")
        try object.put(.burnedInAnnotation, "NO")
        try object.put(.pixelData, bytes: image.rgb)
    }

    private static func putRegion(
        _ image: SpectrumImage, _ recording: VeinRecording, into object: borrowing DICOMObject
    ) throws(RecordDocumentError) {
        try object.begin(.sequenceOfUltrasoundRegions)
        try object.put(.regionSpatialFormat, integer: spectralFormat)
        try object.put(.regionDataType, integer: pulsedDoppler)
        try object.put(.regionFlags, integer: 0)
        try object.put(.regionLocationMinX0, integer: 0)
        try object.put(.regionLocationMinY0, integer: 0)
        try object.put(.regionLocationMaxX1, integer: image.width - 1)
        try object.put(.regionLocationMaxY1, integer: image.height - 1)
        try object.put(.referencePixelX0, integer: 0)
        try object.put(.referencePixelY0, integer: image.baselineRow)
        try object.put(.referencePixelPhysicalValueX, double: image.firstSeconds)
        try object.put(.referencePixelPhysicalValueY, double: 0)
        try object.put(.physicalUnitsXDirection, integer: seconds)
        try object.put(.physicalUnitsYDirection, integer: centimetresPerSecond)
        try object.put(.physicalDeltaX, double: image.secondsPerPixel)
        // Rows count downwards, velocity upwards.
        try object.put(.physicalDeltaY, double: -image.cmPerSPerPixel)
        let hzPerKHz = 1000.0
        if let frequency = Int(exactly: (recording.scale.centreFrequencyHz / hzPerKHz).rounded()) {
            try object.put(.transducerFrequency, integer: frequency)
        }
        if let prf = Int(exactly: recording.spectral.prfHz.rounded()) {
            try object.put(.pulseRepetitionFrequency, integer: prf)
        }
        try object.put(.dopplerCorrectionAngle, double: recording.scale.insonationAngleDegrees)
        try object.end()
    }
}
