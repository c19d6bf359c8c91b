import Foundation

/// Reads a passphrase from where other users do not see it: a file of mode 0600, a descriptor, or the terminal.
enum SecretWord {
    /// The longest passphrase, bytes (project choice).
    private static let longest = 4096

    /// A passphrase; asked for on the terminal where no file is given.
    static func read(_ file: String?, prompt: String) throws -> String {
        let text: String
        switch file {
        case nil: text = try asked(prompt)
        case "-"?: text = try line(of: .standardInput, "standard input")
        case let name? where name.hasPrefix("fd:"):
            guard let number = Int32(name.dropFirst(3)), number >= 0 else {
                throw Failure(.usage, "\(name): not a descriptor: write fd:NUMBER")
            }
            text = try line(of: FileHandle(fileDescriptor: number, closeOnDealloc: false), name)
        case let name?: text = try ofOwner(name)
        }
        guard !text.isEmpty else {
            throw Failure(.usage, "\(file ?? "the terminal"): no passphrase: write it into the first line")
        }
        return text
    }

    /// A new passphrase; on the terminal it is asked for twice.
    static func new(_ file: String?, of name: String) throws -> String {
        let first = try read(file, prompt: "New passphrase of \(name): ")
        guard file == nil else { return first }
        guard try asked("Once more: ") == first else {
            throw Failure(.usage, "the two passphrases differ: try again")
        }
        return first
    }

    /// The first line of a file that only its owner may read; no link is followed.
    private static func ofOwner(_ path: String) throws -> String {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            throw Failure(.storage, "\(path): cannot read (\(String(cString: strerror(errno)))): check the name")
        }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_mode & 0o077 == 0,
            facts.st_uid == geteuid()
        else {
            throw Failure(
                .usage, "\(path): a passphrase's file is a file that only its owner may read: run `chmod 600` on it")
        }
        return try line(of: FileHandle(fileDescriptor: file, closeOnDealloc: false), path)
    }

    private static func line(of file: FileHandle, _ name: String) throws -> String {
        let bytes: Data
        do { bytes = try file.read(upToCount: longest) ?? Data() } catch {
            throw Failure(.storage, "\(name): cannot be read: give a file")
        }
        guard let text = String(bytes: bytes, encoding: .utf8) else {
            throw Failure(.data, "\(name): not a UTF-8 text: give UTF-8")
        }
        return String(text.prefix { !$0.isNewline })
    }

    /// Asks on the terminal, which shows nothing of what is typed.
    private static func asked(_ prompt: String) throws -> String {
        var before = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &before) == 0 else {
            throw Failure(.usage, "a passphrase is needed, and there is no terminal to ask on: give it by a file")
        }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else {
            throw Failure(.usage, "the terminal cannot be made silent: give the passphrase by a file")
        }
        defer { _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        FileHandle.standardError.write(Data(prompt.utf8))
        let text = readLine(strippingNewline: true) ?? ""
        FileHandle.standardError.write(Data("\n".utf8))
        return text
    }
}
