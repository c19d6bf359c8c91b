internal import Foundation

/// One value that differs between two documents of the same form.
public struct DocumentDifference: Sendable, Hashable, Codable {
    /// Where: `recordings[3].signalToNoiseDb`.
    public var path: String
    /// The value before, as JSON; `nil` where there was none.
    public var before: String?
    /// The value now, as JSON; `nil` where there is none.
    public var now: String?

    /// Every value that differs, in the order of the paths.
    static func between(
        _ before: some Encodable, _ now: some Encodable
    ) throws(ExamSessionError) -> [DocumentDifference] {
        let earlier = try leaves(of: before)
        let later = try leaves(of: now)
        return Set(earlier.keys).union(later.keys).filter { earlier[$0] != later[$0] }
            .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
            .map { DocumentDifference(path: $0, before: earlier[$0], now: later[$0]) }
    }

    private static func leaves(of value: some Encodable) throws(ExamSessionError) -> [String: String] {
        var leaves: [String: String] = [:]
        do {
            let document = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(value))
            try collect(document, at: "", into: &leaves)
        } catch {
            throw .unreadable(path: ExamFolder.examFileName, reason: error.localizedDescription)
        }
        return leaves
    }

    private static func collect(_ value: Any, at path: String, into leaves: inout [String: String]) throws {
        switch value {
        case let members as [String: Any]:
            for (name, member) in members {
                try collect(member, at: path.isEmpty ? name : "\(path).\(name)", into: &leaves)
            }
        case let items as [Any]:
            for (index, item) in items.enumerated() { try collect(item, at: "\(path)[\(index)]", into: &leaves) }
        default:
            let bytes = try JSONSerialization.data(
                withJSONObject: value, options: [.fragmentsAllowed, .withoutEscapingSlashes])
            leaves[path] = String(decoding: bytes, as: UTF8.self)
        }
    }
}
