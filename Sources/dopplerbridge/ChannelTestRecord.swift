import ExamSession
import Foundation
import ProbeLink

/// The last channel test of one sound interface, kept in the user's state folder.
struct ChannelTestRecord: Codable {
    /// The device with everything that the test depends on: serial number, rate, bits, what the channels carry.
    var device: String
    /// When it was made, ISO 8601.
    var madeAt: String
    /// What came.
    var test: ChannelTest
    /// What it said.
    var outcome: ChannelTest.Outcome

    /// Why what a device brings may not be scored; `nil` when it may.
    static func refusal(of stream: USBAudioStream, device: String) throws -> String? {
        guard stream.channels != .mono else {
            return "\(device): one channel tells no direction: its shifts are shown, and nothing is scored"
        }
        guard let record = try StateFolder().read(ChannelTestRecord.self, name(device)) else {
            return "\(device): run `dopplerbridge channel-test` first: whether its channels tell towards from away is "
                + "not known, so nothing is scored"
        }
        guard record.outcome == .passed else {
            return "\(device): its channel test of \(record.madeAt) did not pass (\(record.test.advice)): nothing is "
                + "scored"
        }
        return nil
    }

    /// Keeps the record in place of the device's last one.
    func save() throws -> String { try StateFolder().write(self, Self.name(device)) }

    /// A file name of its own for each device.
    private static func name(_ device: String) -> String {
        let plain = device.unicodeScalars.map { scalar in
            CharacterSet.alphanumerics.contains(scalar) && scalar.isASCII ? String(scalar) : "-"
        }.joined()
        return "channel-test-\(plain).json"
    }
}
