/// The concepts that documents are made of; the code of each stands in `codes.csv`.
enum RecordConcept: String, Sendable, Hashable, CaseIterable {
    case veinReport, language, english, observerType, person, device, personObserverName
    case personObserverOrganisation, deviceObserverUID, deviceObserverName, deviceObserverManufacturer
    case deviceObserverModel, deviceObserverSerial, studyInstanceUID, summary, comment, findings, finding, findingSite
    case laterality, left, right, unilateral, topographicalModifier, conclusions, conclusion, study
    case veinOfUpperExtremity, intracranialVein, chest, internalJugular, vertebral, internalCerebral
    case basalRosenthal, greatCerebralGalen, deepMiddleCerebral, straightSinus, transverseSinus
    case cavernousSinus, superiorPetrosalSinus, inferiorPetrosalSinus, azygos, levelJ1, levelJ2, levelJ3
    case patientOrientation, patientOrientationModifier, recumbent, erect, supine, sitting
    case functionalCondition, valsalva, heldVentilation, quietBreathing, deepInspirations
    case respiratoryCyclePoint, inspiration, expiration, endInspiration, endExpiration, present, absent
    case undetermined, yes, no, notAttempted, indeterminate, notExamined, meanVelocity, lumenArea, volumeFlow
    case flowDirection, antegrade, retrograde, dopplerAngle, sampleVolumeDepth, sourceOfMeasurement, equation
    case measurementMethod, uncertainty, dopplerPulsed, itemID, window, windowNeck, windowTranstemporal
    case windowOccipital, windowIntercostal, windowSuprasternal, flowPresence, absenceWallFilter, absenceScale
    case absenceInspirations, dopplerAudio, transducerDirection, towards, away, reflux, refluxDuration, refluxOnset
    case refluxPeakVelocity, breathsSeen, breathsRecorded, confidence, arterialInflow, methodEntered
    case methodEllipse, methodTrace, methodAutomatic, methodAreaTimesVelocity, methodMultigate, corrected
    case superseded, areaPicture, lumenInspection, lumenDefectKind, defectWeb, defectFlap, defectSeptum
    case defectMembrane, defectFillingDefect, defectDoubleChannel, defectMalformedValve, defectImmobileValve
    case defectExtraluminalNarrowing, defectAnnulus, defectParadox, leafletMotion, leafletsMobile
    case leafletsSlightlyMobile, leafletsImmobile, reason, recording, recordingSHA256, criteriaSection
    case criterion1, criterion2, criterion3, criterion4, criterion5, metCount, openCount, verdict
    case verdictPositive, verdictNegative, verdictBorderline, verdictIndeterminate, otherReading
    case definitionsSection, definitionResult, definition, definitionChange, rule, ruleSource, projectChoice
    case evidence, missing, settling, warning, beside, besideSection, limitation, vhissSection, vhiss
    case vhissLow, vhissHigh, vhissTable, vhissVerified, vhissPart, partFound, partUnknown, partPoints
    case partAtMost, partCounts, simulated, exam, examProtocol, software, acousticOutput, qualityAssurance
    case blinded, amendedFrom, unitCentimetrePerSecond, unitSquareMillimetre, unitMillilitrePerMinute
    case unitSecond, unitDegree, unitCentimetre, unitOne, unitCount, unitScore, unitPoints
}
