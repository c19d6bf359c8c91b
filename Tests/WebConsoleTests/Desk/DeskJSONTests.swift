import Foundation
import TestSupport
import Testing

@testable import WebConsole

@Suite("what the desk reads")
struct DeskJSONTests {
    private func read(_ text: String) throws -> JSONItem { try JSONItem([UInt8](text.utf8)) }

    @Test("the values of JSON are read as they stand")
    func values() throws {
        let item = try read(#" {"a": [1, -2.5e1, true, false, null], "b": {"c": "é\n\u00e9\ud83d\ude00\/"}} "#)
        #expect(
            item
                == .object([
                    "a": .list([.number(1), .number(-25), .flag(true), .flag(false), .null]),
                    "b": .object(["c": .text("é\né😀/")]),
                ]))
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", "{", "}", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "01", "1.", ".5", "1e", "+1", "nul", "truex",
            "\"a",
            "\"\\x\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\u{01}\"", "{} {}", "1e999", "-",
            "{\"a\":1,\"a\":2}", "NaN", "Infinity", "'a'", "\u{FEFF}{}",
        ])
    func refused(_ text: String) {
        #expect(throws: DeskRefusal.self) { try read(text) }
    }

    @Test("bytes that are no UTF-8 are refused")
    func noText() {
        #expect(throws: DeskRefusal.self) { try JSONItem([0x22, 0xFF, 0xFE, 0x22]) }
        #expect(throws: DeskRefusal.self) { try JSONItem([0x22, 0xC0, 0x80, 0x22]) }
    }

    @Test("depth, count and length are bounded")
    func bounds() throws {
        let deep = String(repeating: "[", count: 15) + String(repeating: "]", count: 15)
        _ = try read(deep)
        #expect(throws: DeskRefusal.self) { try read(String(repeating: "[", count: 100_000)) }
        let many = "[" + Array(repeating: "1", count: 50_001).joined(separator: ",") + "]"
        #expect(throws: DeskRefusal.self) { try read(many) }
        let long = try #require(throws: DeskRefusal.self) {
            try JSONItem([UInt8](repeating: 0x20, count: (1 << 20) + 1))
        }
        #expect(long.status == .tooMuch)
    }

    @Test("what Foundation writes is read alike, and a changed byte is refused or read alike", arguments: 0..<200)
    func random(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let value = Self.value(&generator, depth: 0)
        let data = try JSONSerialization.data(withJSONObject: ["v": value])
        var bytes = [UInt8](data)
        let item = try JSONItem(bytes)
        #expect(Self.isSame(item, try JSONSerialization.jsonObject(with: data)))
        for _ in 0..<20 {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            // It must come to an end, and what it takes Foundation takes too.
            guard let taken = try? JSONItem(bytes) else { continue }
            let other = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            #expect(other.map { Self.isSame(taken, $0) } ?? false, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    private static func value(_ generator: inout SeededGenerator, depth: Int) -> Any {
        switch Int.random(in: 0..<(depth > 4 ? 4 : 6), using: &generator) {
        case 0: return NSNull()
        case 1: return Bool.random(using: &generator)
        case 2: return Double(Int.random(in: -1000...1000, using: &generator)) / 8
        case 3:
            return String(
                String.UnicodeScalarView(
                    (0..<Int.random(in: 0..<8, using: &generator)).compactMap { _ in
                        Unicode.Scalar(UInt32.random(in: 0..<0x2FFF, using: &generator))
                    }))
        case 4: return (0..<3).map { _ in value(&generator, depth: depth + 1) }
        default:
            return Dictionary(uniqueKeysWithValues: (0..<3).map { ("k\($0)", value(&generator, depth: depth + 1)) })
        }
    }

    private static func isSame(_ item: JSONItem, _ other: Any) -> Bool {
        switch item {
        case .null: return other is NSNull
        case .flag(let flag): return (other as? Bool) == flag
        case .number(let number): return (other as? Double) == number
        case .text(let text): return (other as? String) == text
        case .list(let list):
            guard let others = other as? [Any], others.count == list.count else { return false }
            return zip(list, others).allSatisfy(isSame)
        case .object(let fields):
            guard let others = other as? [String: Any], others.count == fields.count else { return false }
            return fields.allSatisfy { key, item in others[key].map { isSame(item, $0) } ?? false }
        }
    }

    @Test("fields are taken by name and kind, and one that is not known is refused by its place")
    func fields() throws {
        var fields = try JSONFields([UInt8](#"{"a":"x","n":3,"f":true,"o":{"p":1},"z":null}"#.utf8))
        #expect(try fields.text("a") == "x")
        #expect(try fields.number("n", in: 0...5) == 3)
        #expect(try fields.optionalFlag("f") == true)
        #expect(try fields.optionalText("z") == nil)
        let inner = try #require(try fields.optionalFields("o"))
        try fields.end()
        let refusal = try #require(throws: DeskRefusal.self) { try inner.end() }
        #expect(refusal.what == "`o.p` is not known here" && refusal.status == .wrongInput)
    }

    @Test(
        "a field of another kind, size or range is refused with words",
        arguments: [
            #"{"a":1}"#, #"{"a":""}"#, #"{"a":null}"#, #"{}"#, #"{"a":"\#(String(repeating: "x", count: 11))"}"#,
            #"{"a":"\u0007"}"#,
        ])
    func wrongText(_ text: String) throws {
        var fields = try JSONFields([UInt8](text.utf8))
        let refusal = try #require(throws: DeskRefusal.self) { try fields.text("a", atMost: 10) }
        #expect(refusal.status == .wrongInput && !refusal.what.isEmpty && !refusal.next.isEmpty)
    }

    @Test("texts of an answer are quoted so that every reader gets them back", arguments: 0..<50)
    func quoted(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let text = String(
            String.UnicodeScalarView(
                (0..<40).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0x20..<0x24, using: &generator)) }
                    + (0..<40).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0x50..<0x300, using: &generator)) }))
        #expect(try read(DeskJSON.quoted(text)) == .text(text))
        let noise = DeskJSON.quoted("\u{0}\u{1F}\"\\\u{2028}\n")
        _ = try read(noise)
    }
}
