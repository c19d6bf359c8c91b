/// Names of the attributes that go over the network, as DICOM's data dictionary writes them (PS3.6).
enum AttributeNames {
    /// The name of the last tag in a path; the tag itself where it is not known.
    static func name(_ path: String) -> String {
        let tag = path.split(separator: ".").last.map { String($0.prefix(8)) } ?? path
        return all[tag] ?? tag
    }

    static let all = [
        "00080005": "Specific Character Set",
        "00080050": "Accession Number",
        "00080054": "Retrieve AE Title",
        "00080060": "Modality",
        "00080090": "Referring Physician's Name",
        "0008103E": "Series Description",
        "00081032": "Procedure Code Sequence",
        "00081050": "Performing Physician's Name",
        "00081070": "Operators' Name",
        "00081110": "Referenced Study Sequence",
        "00081120": "Referenced Patient Sequence",
        "00081140": "Referenced Image Sequence",
        "00081150": "Referenced SOP Class UID",
        "00081155": "Referenced SOP Instance UID",
        "00100010": "Patient's Name",
        "00100020": "Patient ID",
        "00100021": "Issuer of Patient ID",
        "00100030": "Patient's Birth Date",
        "00100040": "Patient's Sex",
        "00181030": "Protocol Name",
        "0020000D": "Study Instance UID",
        "0020000E": "Series Instance UID",
        "00200010": "Study ID",
        "00321060": "Requested Procedure Description",
        "00400001": "Scheduled Station AE Title",
        "00400002": "Scheduled Procedure Step Start Date",
        "00400003": "Scheduled Procedure Step Start Time",
        "00400007": "Scheduled Procedure Step Description",
        "00400008": "Scheduled Protocol Code Sequence",
        "00400009": "Scheduled Procedure Step ID",
        "00400220": "Referenced Non-Image Composite SOP Instance Sequence",
        "00400241": "Performed Station AE Title",
        "00400242": "Performed Station Name",
        "00400243": "Performed Location",
        "00400244": "Performed Procedure Step Start Date",
        "00400245": "Performed Procedure Step Start Time",
        "00400250": "Performed Procedure Step End Date",
        "00400251": "Performed Procedure Step End Time",
        "00400252": "Performed Procedure Step Status",
        "00400253": "Performed Procedure Step ID",
        "00400254": "Performed Procedure Step Description",
        "00400255": "Performed Procedure Type Description",
        "00400260": "Performed Protocol Code Sequence",
        "00400340": "Performed Series Sequence",
        "00401001": "Requested Procedure ID",
    ]
}
