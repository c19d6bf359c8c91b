import Foundation
import Testing

/// Python's jsonschema as a judge from outside.
enum Python {
    private static let path = "/usr/bin/python3"

    /// What a skipped test says.
    static let comment: Comment = "skipped: no python3-jsonschema"

    /// Whether the judge is installed.
    static var hasJSONSchema: Bool {
        do { return try Program.tool(path, ["-c", "import jsonschema"]).status == 0 } catch { return false }
    }

    /// The judgement of a document under a schema in the folder `Schemas` of a module: empty when it is valid.
    static func problems(
        of document: String, under schema: String, in module: String = "CCSVIAnalysis"
    ) throws -> String {
        let script = """
            import json, sys, jsonschema
            schema = json.load(open(sys.argv[1])); document = json.load(open(sys.argv[2]))
            jsonschema.Draft202012Validator.check_schema(schema)
            for e in jsonschema.Draft202012Validator(schema).iter_errors(document): print(list(e.path), e.message)
            """
        return try Program.tool(
            path, ["-c", script, "\(Program.root)/Sources/\(module)/Schemas/\(schema)", document]
        ).output
    }
}
