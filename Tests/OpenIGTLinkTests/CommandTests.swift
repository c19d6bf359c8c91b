import OpenIGTLink
import TestSupport
import Testing

@Suite("Commands over OpenIGTLink")
struct CommandTests {
    private func problem(_ text: String) -> CommandProblem? {
        do throws(CommandProblem) { _ = try CommandText.command(text) } catch { return error }
        return nil
    }

    @Test(
        "the three commands are read in both forms",
        arguments: [
            ("<Command Name=\"ListParameters\"/>", IGTLCommand.listParameters),
            ("<Command Name=\"ListParameters\"></Command>", .listParameters),
            (" <ListParameters/>\n", .listParameters), ("<ListParameters />\0", .listParameters),
            ("<Command Name=\"GetParameter\"><Parameter Name=\"prfHz\"/></Command>", .getParameter(name: "prfHz")),
            ("<GetParameter Name='prfHz'/>", .getParameter(name: "prfHz")),
            (
                "<Command Name=\"SetParameter\">\n  <Parameter Name=\"prfHz\" Value=\"5000\" />\n</Command >",
                .setParameter(name: "prfHz", value: "5000")
            ),
            (
                "<SetParameter Name = \"a\" Value='&lt;&amp;&gt;&quot;&apos;ü'/>",
                .setParameter(name: "a", value: "<&>\"'ü")
            ), ("<SetParameter Name=\"a\" Value=\"\"/>", .setParameter(name: "a", value: "")),
        ])
    func read(_ text: String, _ command: IGTLCommand) throws {
        #expect(try CommandText.command(text) == command)
    }

    @Test(
        "what is not exactly a command is refused",
        arguments: [
            "", "<", "ListParameters", "<ListParameters>", "<ListParameters/><ListParameters/>", "<ListParameters/>x",
            "<ListParameters/>\0\0", "<ListParameters Name=\"a\"/>", "<Command/>", "<Command Name=\"Reboot\"/>",
            "<Command Name=\"GetParameter\"/>", "<Command Name=\"GetParameter\" Parameter=\"a\"/>",
            "<Command Name=\"GetParameter\"><Parameter/></Command>",
            "<Command Name=\"GetParameter\"><Parameter Name=\"\"/></Command>",
            "<Command Name=\"GetParameter\"><Parameter Name=\"a\"/><Parameter Name=\"b\"/></Command>",
            "<Command Name=\"GetParameter\"><Other Name=\"a\"/></Command>",
            "<Command Name=\"GetParameter\"><Parameter Name=\"a\"><Parameter Name=\"b\"/></Parameter></Command>",
            "<Command Name=\"GetParameter\">a</Command>", "<GetParameter Name=\"a\" Name=\"b\"/>",
            "<GetParameter Name=\"a\"Value=\"b\"/>", "<GetParameter Name=\"&xxe;\"/>", "<GetParameter Name=\"&#65;\"/>",
            "<GetParameter Name=\"a<b\"/>", "<GetParameter Name=\"a\u{1}\"/>", "<GetParameter Name=\"a'/>",
            "<GetParameter Name=a/>", "<getparameter Name=\"a\"/>", "<?xml version=\"1.0\"?><ListParameters/>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><ListParameters/>", "<!-- --><ListParameters/>",
            "<Command Name=\"SetParameter\"><Parameter Name=\"a\"/></Command>",
            "<Command Name=\"ListParameters\"></Other>",
            "<1a/>", "<a:b/>", "<GetParameter Name=\"\(String(repeating: "a", count: 257))\"/>",
            "<\(String(repeating: "a", count: 65))/>", String(repeating: " ", count: 5000) + "<ListParameters/>",
            String(repeating: "<a>", count: 1000),
        ])
    func refuse(_ text: String) {
        #expect(problem(text) != nil)
    }

    @Test("the reason says the place, and what is written instead")
    func reasons() {
        #expect(problem("<ListParameters>") == .syntax(place: 16, expected: "an element: text has no meaning here"))
        #expect(problem("<GetParameter Name=\"a\" Name=\"b\"/>") == .repeatedAttribute("Name"))
        #expect(
            problem("<GetParameter/>").map(String.init(describing:))
                == "GetParameter is written <Command Name=\"GetParameter\"><Parameter Name=\"...\"/></Command>")
    }

    @Test("damaged commands are refused or read, and never trap", arguments: UInt64(0)..<300)
    func damaged(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var text = Array("<Command Name=\"SetParameter\"><Parameter Name=\"prfHz\" Value=\"50&lt;\"/></Command>".utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0..<text.count, using: &random)
            switch Int.random(in: 0...2, using: &random) {
            case 0: text[place] = UInt8.random(in: 0...127, using: &random)
            case 1: text.remove(at: place)
            default: text.removeSubrange(place...)
            }
            if text.isEmpty { break }
        }
        do throws(CommandProblem) {
            let command = try CommandText.command(String(decoding: text, as: UTF8.self))
            guard case .setParameter(let name, let value) = command else {
                Issue.record("\(command)")
                return
            }
            #expect(name.utf8.count <= 256 && value.utf8.count <= 256)
        } catch {
            #expect(!"\(error)".isEmpty)
        }
    }

    @Test("answers are XML, whatever stands in names, values and words")
    func replies() {
        let parameters = IGTLReply.parameters([
            IGTLParameter("prfHz", "5000", isSettable: true), IGTLParameter("a", "<\"&\u{1}>", isSettable: false),
        ])
        #expect(
            CommandText.reply(parameters, to: "ListParameters")
                == "<CommandReply Name=\"ListParameters\" Status=\"SUCCESS\">"
                + "<Parameter Name=\"prfHz\" Value=\"5000\" Settable=\"true\"/>"
                + "<Parameter Name=\"a\" Value=\"&lt;&quot;&amp; &gt;\" Settable=\"false\"/></CommandReply>")
        #expect(
            CommandText.reply(.failure("the source has one PRF"), to: "SetParameter")
                == "<CommandReply Name=\"SetParameter\" Status=\"FAIL\" Message=\"the source has one PRF\"/>")
    }
}
