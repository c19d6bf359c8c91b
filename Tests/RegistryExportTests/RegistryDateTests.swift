import RegistryExport
import TestSupport
import Testing

@Suite("Dates of a registry")
struct RegistryDateTests {
    @Test(
        "a day has the number that the calendar gives it",
        arguments: [
            ("1970-01-01", 0), ("1970-01-31", 30), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2000-03-01", 11_017),
            ("2026-11-21T22:27:29Z", 20_778), ("1900-03-01", -25_508),
        ])
    func dayNumbers(text: String, number: Int) throws {
        let day = try #require(RegistryDate(text))
        #expect(day.dayNumber == number)
        #expect(day.text == text.prefix(10))
    }

    @Test(
        "what is no day of the calendar is none",
        arguments: [
            "", "2026", "2026-13-01", "2026-00-10", "2026-02-29", "1900-02-29", "2026-1-01", "2026-01-32", "2026-01-00",
            "20260131", "x026-01-31", "2026-01-31 10:00", "2026-01-3१", "0999-01-01", "-999-01-01",
        ])
    func noDays(text: String) { #expect(RegistryDate(text) == nil) }

    @Test("a day put back and its text read again are the same day", arguments: UInt64(0)..<50)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let start = try #require(RegistryDate("2026-11-21"))
        for _ in 0..<100 {
            let back = Int.random(in: 0...300_000, using: &generator)
            let day = start.earlier(byDays: back)
            #expect(day.dayNumber == start.dayNumber - back)
            #expect(RegistryDate(day.text) == day)
        }
    }

    @Test(
        "an age is counted in birthdays",
        arguments: [
            ("1961-04-30", "2026-04-29", 64), ("1961-04-30", "2026-04-30", 65), ("1960-02-29", "2026-02-28", 65),
            ("1960-02-29", "2026-03-01", 66), ("2026-01-31", "2026-01-31", 0),
        ])
    func ages(birth: String, day: String, years: Int) throws {
        #expect(try #require(RegistryDate(day)).age(bornOn: try #require(RegistryDate(birth))) == years)
    }

    @Test("nobody was born after the exam")
    func bornLater() throws {
        #expect(try #require(RegistryDate("2026-01-31")).age(bornOn: try #require(RegistryDate("2026-02-01"))) == nil)
    }
}
