import Foundation

/// Checks JSON against the part of JSON Schema (draft 2020-12) that the published schemas use.
struct SchemaValidator {
    private let root: [String: Any]
    private let definitions: [String: Any]

    init(_ schema: String) throws {
        let parsed = try JSONSerialization.jsonObject(with: Data(schema.utf8))
        root = parsed as? [String: Any] ?? [:]
        definitions = root["$defs"] as? [String: Any] ?? [:]
    }

    /// What does not fit, each at its place.
    func problems(of json: Data) throws -> [String] {
        check(try JSONSerialization.jsonObject(with: json, options: .fragmentsAllowed), root, "$")
    }

    /// The names of an object's properties; the top for `nil`.
    func properties(of definition: String?) -> Set<String> {
        let schema = definition.flatMap { definitions[$0] as? [String: Any] } ?? root
        return Set((schema["properties"] as? [String: Any] ?? [:]).keys)
    }

    private func check(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
        if let reference = schema["$ref"] as? String {
            let name = String(reference.split(separator: "/").last ?? "")
            guard let target = definitions[name] as? [String: Any] else { return ["\(path): no definition \(name)"] }
            return check(value, target, path)
        }
        if let choices = schema["anyOf"] as? [[String: Any]] {
            return choices.contains { check(value, $0, path).isEmpty } ? [] : ["\(path): fits no choice"]
        }
        var problems: [String] = []
        if let constant = schema["const"] as? String, value as? String != constant { problems.append("\(path): const") }
        if let allowed = schema["enum"] as? [Any],
            !allowed.contains(where: { ($0 as? NSObject) == (value as? NSObject) })
        {
            problems.append("\(path): `\(value)` is not in the list")
        }
        let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map { [$0] } ?? []
        if !types.isEmpty, !types.contains(where: { Self.has(value, type: $0) }) {
            problems.append("\(path): `\(value)` is not \(types)")
        }
        if let object = value as? [String: Any] { problems += checkObject(object, schema, path) }
        if let items = value as? [Any], let itemSchema = schema["items"] as? [String: Any] {
            for (index, item) in items.enumerated() { problems += check(item, itemSchema, "\(path)[\(index)]") }
        }
        return problems
    }

    private func checkObject(_ object: [String: Any], _ schema: [String: Any], _ path: String) -> [String] {
        let properties = schema["properties"] as? [String: Any] ?? [:]
        var problems = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map { "\(path): no \($0)" }
        for (key, value) in object {
            if let property = properties[key] as? [String: Any] {
                problems += check(value, property, "\(path).\(key)")
            } else if schema["additionalProperties"] as? Bool == false {
                problems.append("\(path): \(key) is not known")
            }
        }
        return problems
    }

    private static func has(_ value: Any, type: String) -> Bool {
        switch type {
        case "null": value is NSNull
        case "string": value is String
        case "array": value is [Any]
        case "object": value is [String: Any]
        case "boolean": value is Bool
        case "integer": (value as? NSNumber).map { $0.doubleValue.rounded() == $0.doubleValue } ?? false
        default: value is NSNumber
        }
    }
}
