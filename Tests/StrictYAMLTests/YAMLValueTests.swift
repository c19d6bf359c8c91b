import StrictYAML
import Testing

@Suite("Strict YAML")
struct YAMLValueTests {
    enum Colour: String, CaseIterable { case red, green }

    private func problems(of text: String) -> [String] {
        do throws(YAMLProblems) {
            let value = try YAMLValue.parse(text, file: "a.yaml")
            let log = YAMLLog()
            var map = YAMLMap(value, log: log)
            _ = map.string("name")
            _ = map.optionalInt("count", in: 1...10)
            _ = map.optionalChoice("colour", of: Colour.self)
            map.finish()
            try log.throwIfAny()
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("reads text, hexadecimal numbers and choices")
    func readsValues() throws {
        let value = try YAMLValue.parse("name: \"no\"\nid: 0x1209\ncolour: red\nok: true\n", file: "a.yaml")
        let log = YAMLLog()
        var map = YAMLMap(value, log: log)
        #expect(map.string("name") == "no")
        #expect(map.int("id", in: 0...65_535) == 0x1209)
        #expect(map.choice("colour", of: Colour.self) == .red)
        #expect(map.bool("ok") == true)
        map.finish()
        #expect(log.problems.isEmpty)
    }

    @Test("refuses an unknown key with its place and the allowed keys")
    func unknownKey() {
        #expect(
            problems(of: "name: a\nnmae: b\n")
                == ["a.yaml:2:1: unknown key `nmae`: allowed are colour, count, name"])
    }

    @Test("reports every problem of a file in one reading")
    func allProblems() {
        #expect(
            problems(of: "count: 11\ncolour: blue\n") == [
                "a.yaml:1:1: key `name` is missing",
                "a.yaml:1:8: `count` must be a whole number from 1 to 10, found 11",
                "a.yaml:2:9: `colour` must be one of red, green, found blue",
            ])
    }

    @Test(
        "refuses anchors, aliases, tags, merges, duplicates, several documents and deep nesting",
        arguments: [
            "name: &x a\ncount: 3\n", "name: &x a\ncolour: *x\n", "name: !!binary aGk=\n", "name: !mine a\n",
            "name: a\nname: b\n", "name: a\n---\nname: b\n", "name: [\n", "", "- a\n- b\n",
            "name: " + String(repeating: "[", count: 40), String(repeating: "- ", count: 60), "<<: {a: b}\nname: a\n",
            "name: \u{0}\n",
        ])
    func refuses(text: String) {
        #expect(!problems(of: text).isEmpty)
        #expect(problems(of: text).allSatisfy { $0.hasPrefix("a.yaml:") })
    }
}
