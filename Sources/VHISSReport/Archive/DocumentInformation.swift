/// What a document says of itself, once as a dictionary and once as XMP, which PDF/A-1 wants to agree.
struct DocumentInformation {
    /// Title.
    var title: String
    /// Who made the content.
    var author: String
    /// What the document is about.
    var subject: String
    /// The program that wrote the content.
    var creator: String
    /// The libraries that wrote the file.
    var producer: String
    /// When.
    var createdAt: ReportTime

    /// The entries of the information dictionary but the date.
    var entries: [(key: String, text: String)] {
        [
            ("/Title", title), ("/Author", author), ("/Subject", subject), ("/Creator", creator),
            ("/Producer", producer),
        ]
    }

    /// The XMP packet (ISO 19005-1, 6.7): PDF/A-1, level B.
    var xmpPacket: String {
        """
        <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">\
        <pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">\
        <dc:format>application/pdf</dc:format>\
        <dc:title>\(alternative(title))</dc:title><dc:creator><rdf:Seq><rdf:li>\(escaped(author))</rdf:li></rdf:Seq>\
        </dc:creator><dc:description>\(alternative(subject))</dc:description></rdf:Description>
        <rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">\
        <pdf:Producer>\(escaped(producer))</pdf:Producer></rdf:Description>
        <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">\
        <xmp:CreatorTool>\(escaped(creator))</xmp:CreatorTool><xmp:CreateDate>\(createdAt.xmpDate)</xmp:CreateDate>\
        </rdf:Description>
        </rdf:RDF></x:xmpmeta>
        <?xpacket end="w"?>
        """
    }

    private func alternative(_ text: String) -> String {
        "<rdf:Alt><rdf:li xml:lang=\"x-default\">\(escaped(text))</rdf:li></rdf:Alt>"
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
