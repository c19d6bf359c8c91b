internal import Acquisition
internal import Glibc
internal import ProbeLink

/// A file of named arrays that is open for reading.
protocol ArrayFile: AnyObject {
    /// The file's name without its folder.
    var name: String { get }

    /// What an array is.
    ///
    /// - Returns: `nil` where the file has none of this name.
    /// - Throws: when it has one that is not read, or the file is damaged.
    func form(of array: String) throws(SourceError) -> ArrayForm?

    /// An array's bytes from its beginning on, little-endian.
    func cursor(of array: String, _ form: ArrayForm) throws(SourceError) -> any SampleArrayCursor

    /// A single text, at most `mostBytes` long.
    func text(of array: String, _ form: ArrayForm, mostBytes: Int) throws(SourceError) -> String

    /// The SHA-512 that the file itself names for an array, lower-case hexadecimal; `nil` = none.
    func digest(of array: String) throws(SourceError) -> String?
}

extension ArrayFile {
    /// A refusal that names the array.
    func refusal(_ array: String, _ problem: String) -> SourceError {
        .data(file: "\(name): \(array)", problem: problem)
    }

    /// All bytes of a small array.
    func bytes(of array: String, _ form: ArrayForm, mostBytes: Int) throws(SourceError) -> [UInt8] {
        guard let count = form.byteCount, count <= mostBytes else {
            throw refusal(array, "is \(form.words), more than \(mostBytes) bytes: this is no such array")
        }
        return try cursor(of: array, form).next(count)
    }

    /// A single number.
    ///
    /// - Returns: `nil` where the file has none of this name.
    func number(_ array: String) throws(SourceError) -> Double? {
        guard let form = try form(of: array) else { return nil }
        guard form.shape.isEmpty || form.shape == [1] else {
            throw refusal(array, "is \(form.words): a single number stands there; save it as one")
        }
        let bytes = try bytes(of: array, form, mostBytes: form.bytesPerItem)
        switch form.kind {
        case .bool, .integer:
            guard let value = ArrayNumbers.integers(bytes, form.kind)?.first else { break }
            return Double(value)
        case .float(let count):
            guard bytes.count == count else { break }
            let bits = ArrayNumbers.bits(bytes[...])
            let value = count == 4 ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits)
            guard value.isFinite else { throw refusal(array, "is no finite number: leave out what is not known") }
            return value
        case .complex, .text: break
        }
        throw refusal(array, "is \(form.words): a single real number stands there; save it as one")
    }

    /// Whether a regular file stands at a path.
    static func check(_ path: String, name: String) throws(SourceError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .storage(
                file: name,
                problem: "cannot be opened (\(OutputFile.reason(errno))): check the name and the permissions")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .storage(file: name, problem: "is no regular file: give the name of a recording")
        }
    }

    /// A path's last part: reports and recordings do not tell where a file lay.
    static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// Numbers of arrays' bytes, little-endian.
enum ArrayNumbers {
    /// The bits of one number of at most 8 bytes.
    static func bits(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Whole numbers; `nil` where the kind is another, or one does not fit.
    static func integers(_ bytes: [UInt8], _ kind: ArrayForm.Kind) -> [Int]? {
        let width: Int
        let isSigned: Bool
        switch kind {
        case .bool: (width, isSigned) = (1, false)
        case .integer(let count, let sign): (width, isSigned) = (count, sign)
        case .float, .complex, .text: return nil
        }
        guard width > 0, bytes.count % width == 0 else { return nil }
        var numbers: [Int] = []
        numbers.reserveCapacity(bytes.count / width)
        for begin in stride(from: 0, to: bytes.count, by: width) {
            let bits = bits(bytes[begin..<begin + width])
            if isSigned {
                let unused = UInt64(64 - 8 * width)
                numbers.append(Int(Int64(bitPattern: bits << unused) >> Int64(unused)))
            } else {
                guard let number = Int(exactly: bits) else { return nil }
                numbers.append(number)
            }
        }
        return numbers
    }

    /// Numbers of big-endian bytes, turned.
    static func turned(_ bytes: [UInt8], width: Int) -> [UInt8] {
        guard width > 1 else { return bytes }
        var turned = bytes
        for begin in stride(from: 0, to: bytes.count - width + 1, by: width) {
            turned[begin..<begin + width].reverse()
        }
        return turned
    }
}
