/// From a client's text to a command, and from the owner's answer to a text.
package enum CommandText {
    /// How long a parameter's name and value may be, bytes (project choice).
    private static let longestValue = 256

    /// Reads a command.
    package static func command(_ text: String) throws(CommandProblem) -> IGTLCommand {
        let element = try CommandElementReader.read(text)
        guard element.name == "Command" else {
            return try command(element.name, parameter: element.attributes, hasMore: !element.children.isEmpty)
        }
        guard let name = element.attributes["Name"], element.attributes.count == 1 else {
            throw .wrongParts(command: "Command", expected: "<Command Name=\"...\">, without other attributes")
        }
        let parameter = element.children.first
        let isPlain = element.children.allSatisfy { $0.name == "Parameter" && $0.children.isEmpty }
        return try command(
            name, parameter: parameter?.attributes ?? [:], hasMore: element.children.count > 1 || !isPlain)
    }

    private static func command(
        _ name: String, parameter: [String: String], hasMore: Bool
    ) throws(CommandProblem) -> IGTLCommand {
        let isBounded = parameter.values.allSatisfy { $0.utf8.count <= longestValue }
        let parts = isBounded && !hasMore ? Set(parameter.keys) : nil
        switch name {
        case "ListParameters":
            guard parts == [] else {
                throw .wrongParts(command: name, expected: "<Command Name=\"ListParameters\"/>")
            }
            return .listParameters
        case "GetParameter":
            guard parts == ["Name"], let which = parameter["Name"], !which.isEmpty else {
                throw .wrongParts(
                    command: name, expected: "<Command Name=\"GetParameter\"><Parameter Name=\"...\"/></Command>")
            }
            return .getParameter(name: which)
        case "SetParameter":
            guard parts == ["Name", "Value"], let which = parameter["Name"], !which.isEmpty,
                let value = parameter["Value"]
            else {
                throw .wrongParts(
                    command: name,
                    expected: "<Command Name=\"SetParameter\"><Parameter Name=\"...\" Value=\"...\"/></Command>")
            }
            return .setParameter(name: which, value: value)
        default: throw .unknownCommand(shortened(name))
        }
    }

    /// The command's name for its answer; a client's own text is not repeated at length.
    static func name(_ command: IGTLCommand) -> String {
        switch command {
        case .getParameter: "GetParameter"
        case .setParameter: "SetParameter"
        case .listParameters: "ListParameters"
        }
    }

    private static func shortened(_ name: String) -> String {
        let longest = 32
        return name.count > longest ? "\(name.prefix(longest))..." : name
    }

    /// The answer as XML.
    ///
    /// ```xml
    /// <CommandReply Name="GetParameter" Status="SUCCESS"><Parameter Name="prfHz" Value="5000" Settable="true"/></CommandReply>
    /// <CommandReply Name="SetParameter" Status="FAIL" Message="..."/>
    /// ```
    package static func reply(_ reply: IGTLReply, to name: String) -> String {
        let begin = "<CommandReply Name=\"\(escaped(name))\" Status="
        switch reply {
        case .failure(let words): return begin + "\"FAIL\" Message=\"\(escaped(words))\"/>"
        case .parameters(let parameters):
            let elements = parameters.map { parameter in
                "<Parameter Name=\"\(escaped(parameter.name))\" Value=\"\(escaped(parameter.value))\""
                    + " Settable=\"\(parameter.isSettable)\"/>"
            }
            return begin + "\"SUCCESS\">" + elements.joined() + "</CommandReply>"
        }
    }

    /// For an attribute; what XML 1.0 cannot hold becomes a blank.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case _ where character.value < 0x20 || character.value == 0x7F || character.value & ~1 == 0xFFFE:
                result += " "
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
