/// A message of HL7 v2 (v2.5.1 chapter 2): segments of fields of components.
struct HL7Message: Hashable {
    /// One component: its subcomponents.
    struct Component: Hashable, ExpressibleByStringLiteral {
        var subcomponents: [String]

        init(_ subcomponents: [String]) { self.subcomponents = subcomponents }

        init(_ text: String) { subcomponents = [text] }

        init(stringLiteral value: String) { subcomponents = [value] }
    }

    /// One field: its repetitions, each of components.
    struct Field: Hashable, ExpressibleByStringLiteral {
        var repetitions: [[Component]]

        init(_ components: [Component]) { repetitions = [components] }

        init(repetitions: [[Component]]) { self.repetitions = repetitions }

        init(_ text: String) { repetitions = [[Component(text)]] }

        init(stringLiteral value: String) { repetitions = [[Component(value)]] }

        static let empty = Field("")
    }

    /// One segment: its name and fields, the first one at place 1.
    struct Segment: Hashable {
        var name: String
        var fields: [Field]
    }

    /// The segments after MSH, whose first two fields are the signs themselves.
    var segments: [Segment]

    /// The message as UTF-8, each segment ended by CR (v2.5.1 2.5.1).
    var bytes: [UInt8] { segments.flatMap { Array(Self.text($0).utf8) + [0x0D] } }

    /// Field, component, repetition, escape and subcomponent: the signs that the standard recommends.
    static let encodingCharacters = "^~\\&"

    private static func text(_ segment: Segment) -> String {
        var fields = segment.fields.map(text)
        while fields.last?.isEmpty == true { fields.removeLast() }
        let head = segment.name == "MSH" ? "MSH|\(encodingCharacters)" : segment.name
        return ([head] + fields).joined(separator: "|")
    }

    private static func text(_ field: Field) -> String {
        field.repetitions.map { components in
            joined(components.map { joined($0.subcomponents.map(escaped), "&") }, "^")
        }.joined(separator: "~")
    }

    /// Joins parts without the empty ones at the end.
    private static func joined(_ parts: [String], _ sign: String) -> String {
        var parts = parts
        while parts.last?.isEmpty == true { parts.removeLast() }
        return parts.joined(separator: sign)
    }

    /// A text in which the signs, line ends and tabulators are escaped (v2.5.1 2.7).
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "|": result += "\\F\\"
            case "^": result += "\\S\\"
            case "&": result += "\\T\\"
            case "~": result += "\\R\\"
            case "\\": result += "\\E\\"
            case "\r": result += "\\X0D\\"
            case "\n": result += "\\X0A\\"
            case "\t": result += "\\X09\\"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
