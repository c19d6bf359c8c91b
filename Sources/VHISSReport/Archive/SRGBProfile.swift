import Foundation

/// An ICC profile of the sRGB colour space, made from its published figures.
///
/// Layout: ICC.1:2001-04 (profile version 2.4), sections 6.1 (header), 6.2 (tag table), 6.3 (required tags).
/// Curve: IEC 61966-2-1. Colourants: the primaries and white of ITU-R BT.709, adapted to D50 by Bradford's matrix.
enum SRGBProfile {
    /// The profile's bytes, the same each time.
    static func bytes() -> [UInt8] {
        let curve = curveTag()
        let tags: [(signature: String, body: [UInt8])] = [
            ("desc", descriptionTag("sRGB IEC61966-2.1")),
            ("cprt", textTag("No copyright: generated from published figures.")),
            ("wtpt", xyzTag(d50)),
            ("rXYZ", xyzTag(redColourant)), ("gXYZ", xyzTag(greenColourant)), ("bXYZ", xyzTag(blueColourant)),
            ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ]
        var offset = headerLength + 4 + tags.count * 12
        var table = big32(UInt32(tags.count))
        var bodies: [UInt8] = []
        var placed: [(body: [UInt8], offset: Int)] = []
        for tag in tags {
            // Equal elements share their place, as the format allows (6.2.1).
            let known = placed.first { $0.body == tag.body }?.offset
            table += Array(tag.signature.utf8) + big32(UInt32(known ?? offset)) + big32(UInt32(tag.body.count))
            guard known == nil else { continue }
            placed.append((tag.body, offset))
            let padded = tag.body + [UInt8](repeating: 0, count: (4 - tag.body.count % 4) % 4)
            bodies += padded
            offset += padded.count
        }
        return header(length: offset) + table + bodies
    }

    /// D50, the profile connection space's white (ICC.1:2001-04, 6.1.12).
    private static let d50 = (0.9642, 1.0, 0.8249)
    /// BT.709 red adapted to D50.
    private static let redColourant = (0.43607, 0.22249, 0.01392)
    /// BT.709 green adapted to D50.
    private static let greenColourant = (0.38515, 0.71687, 0.09708)
    /// BT.709 blue adapted to D50.
    private static let blueColourant = (0.14307, 0.06061, 0.71410)
    /// Length of a header, bytes (ICC.1:2001-04, 6.1).
    private static let headerLength = 128
    /// Entries of the curve; 1024 keep it within 8 bits everywhere (project choice).
    private static let curveEntries = 1024

    private static func header(length: Int) -> [UInt8] {
        var bytes = big32(UInt32(length))
        bytes += [0, 0, 0, 0]  // No preferred colour management module.
        bytes += big32(0x0240_0000)  // Version 2.4.
        bytes += Array("mntrRGB XYZ ".utf8)  // Display device, RGB data, XYZ connection space.
        bytes += [2001, 4, 1, 0, 0, 0].flatMap(big16)  // Date of the specification: the profile has no other.
        bytes += Array("acsp".utf8)
        bytes += [UInt8](repeating: 0, count: 68 - bytes.count)  // Platform, flags, maker, model, attributes, intent.
        bytes += xyz(d50)
        return bytes + [UInt8](repeating: 0, count: headerLength - bytes.count)
    }

    /// The sRGB transfer function (IEC 61966-2-1, 5.2), coded value to light.
    private static func light(_ coded: Double) -> Double {
        coded <= 0.04045 ? coded / 12.92 : pow((coded + 0.055) / 1.055, 2.4)
    }

    private static func curveTag() -> [UInt8] {
        let values = (0..<curveEntries).flatMap { index -> [UInt8] in
            let coded = Double(index) / Double(curveEntries - 1)
            return big16(Int((light(coded) * 65535).rounded()))
        }
        return Array("curv".utf8) + [0, 0, 0, 0] + big32(UInt32(curveEntries)) + values
    }

    private static func xyzTag(_ value: (Double, Double, Double)) -> [UInt8] {
        Array("XYZ ".utf8) + [0, 0, 0, 0] + xyz(value)
    }

    /// Three numbers as s15Fixed16.
    private static func xyz(_ value: (Double, Double, Double)) -> [UInt8] {
        [value.0, value.1, value.2].flatMap { big32(UInt32(($0 * 65536).rounded())) }
    }

    private static func textTag(_ text: String) -> [UInt8] {
        Array("text".utf8) + [0, 0, 0, 0] + Array(text.utf8) + [0]
    }

    /// A description in ASCII, with empty Unicode and ScriptCode parts (6.5.16).
    private static func descriptionTag(_ text: String) -> [UInt8] {
        let ascii = Array(text.utf8) + [0]
        return Array("desc".utf8) + [0, 0, 0, 0] + big32(UInt32(ascii.count)) + ascii
            + [UInt8](repeating: 0, count: 4 + 4 + 2 + 1 + 67)
    }

    private static func big16(_ value: Int) -> [UInt8] { [UInt8((value >> 8) & 0xFF), UInt8(value & 0xFF)] }

    private static func big32(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }
}
