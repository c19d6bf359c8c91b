/// Why a client's text is no command.
package enum CommandProblem: Error, Hashable {
    case tooLong(bytes: Int, limit: Int)
    case syntax(place: Int, expected: String)
    case repeatedAttribute(String)
    case tooMany(String, limit: Int)
    case unknownCommand(String)
    case wrongParts(command: String, expected: String)
    case busy
}

extension CommandProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong(let bytes, let limit): "the command has \(bytes) bytes; at most \(limit) are read"
        case .syntax(let place, let expected): "the command is not as expected at byte \(place): \(expected)"
        case .repeatedAttribute(let name): "the attribute \(name) stands twice"
        case .tooMany(let what, let limit): "the command has more than \(limit) \(what)"
        case .unknownCommand(let name):
            "the command \(name) is not known; known are GetParameter, SetParameter, ListParameters"
        case .wrongParts(let command, let expected): "\(command) is written \(expected)"
        case .busy: "too many commands wait; send the next after an answer"
        }
    }
}
