import Foundation

/// One call that changed a disk, or told something on standard output or error, as `Tests/PowerCut/record.c` wrote it down.
public struct DiskRecord: Sendable {
    /// What was done.
    public enum Kind: UInt8, Sendable {
        case created = 67, wrote = 87, truncated = 84, renamed = 82, removed = 85, madeFolder = 77, removedFolder = 68
        case synced = 83, told = 65
    }

    /// What was done.
    public var kind: Kind
    var path: String
    var other: String
    var place: Int
    /// What was written or told.
    public var bytes: [UInt8]

    /// A record that is no record.
    public struct Broken: Error {}

    /// All records of a log, in their order.
    public static func read(_ path: String) throws -> [DiskRecord] {
        var rest = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))[...]
        func take(_ count: Int) throws -> ArraySlice<UInt8> {
            guard count >= 0, rest.count >= count else { throw Broken() }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        func number(_ size: Int) throws -> Int {
            try take(size).reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        var records: [DiskRecord] = []
        while !rest.isEmpty {
            guard let kind = Kind(rawValue: try take(1).reduce(0, |)) else { throw Broken() }
            let path = String(decoding: try take(try number(4)), as: UTF8.self)
            let other = String(decoding: try take(try number(4)), as: UTF8.self)
            let place = try number(8)
            records.append(
                DiskRecord(kind: kind, path: path, other: other, place: place, bytes: Array(try take(try number(8)))))
        }
        return records
    }
}
