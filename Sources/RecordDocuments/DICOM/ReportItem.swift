import CDICOM
internal import Glibc

/// One item of a structured report's content tree, depth first.
struct ReportItem: Hashable {
    /// How an item hangs on the one above (PS3.3 C.17.3.2.4).
    enum Relationship: String, Hashable {
        case root = ""
        case contains = "CONTAINS"
        case properties = "HAS PROPERTIES"
        case modifier = "HAS CONCEPT MOD"
        case observation = "HAS OBS CONTEXT"
        case acquisition = "HAS ACQ CONTEXT"
        case inferredFrom = "INFERRED FROM"
    }

    /// What an item holds (PS3.3 C.17.3.2.1).
    enum Value: Hashable {
        case container
        case code(RecordCode)
        case number(RecordNumber, unit: RecordCode)
        case noNumber(RecordCode)
        case text(String)
        case uid(String)
        case personName(String)
        case image(RecordPicture)

        /// The value type as DICOM spells it.
        var type: String {
            switch self {
            case .container: "CONTAINER"
            case .code: "CODE"
            case .number, .noNumber: "NUM"
            case .text: "TEXT"
            case .uid: "UIDREF"
            case .personName: "PNAME"
            case .image: "IMAGE"
            }
        }
    }

    /// 0 for the root.
    var depth: Int
    /// How it hangs on the one above.
    var relationship: Relationship
    /// Its concept name.
    var name: RecordCode
    /// What it holds.
    var value: Value
}

/// Texts that live for as long as C reads them.
final class CTexts {
    private var texts: [UnsafeMutablePointer<CChar>] = []

    /// A copy of a text that ends with 0.
    func copy(_ text: String?) -> UnsafePointer<CChar>? {
        guard let text, let copy = strdup(text) else { return nil }
        texts.append(copy)
        return UnsafePointer(copy)
    }

    deinit { for text in texts { free(text) } }
}

extension ReportItem {
    /// The item as C takes it.
    func cItem(_ texts: CTexts) -> cdicom_report_item {
        var item = cdicom_report_item()
        item.depth = Int32(clamping: depth)
        item.relationship = texts.copy(relationship.rawValue)
        item.value_type = texts.copy(value.type)
        item.name_code = texts.copy(name.code)
        item.name_scheme = texts.copy(name.system)
        item.name_meaning = texts.copy(name.meaning)
        func put(_ code: RecordCode) {
            item.code = texts.copy(code.code)
            item.scheme = texts.copy(code.system)
            item.meaning = texts.copy(code.meaning)
        }
        switch value {
        case .container: break
        case .code(let code), .noNumber(let code): put(code)
        case .number(let number, let unit):
            item.value = texts.copy(number.dicom)
            put(unit)
            item.has_exact = number.needsFloatingPoint ? 1 : 0
            item.exact = number.value
        case .text(let text), .uid(let text), .personName(let text): item.value = texts.copy(text)
        case .image(let picture):
            item.value = texts.copy(picture.instanceUID)
            item.image_class = texts.copy(RecordSOPClass.ultrasoundImage)
            item.image_series = texts.copy(picture.seriesUID)
        }
        return item
    }
}
