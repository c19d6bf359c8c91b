/// Why the server does not run.
public enum LocalServerError: Error, Hashable, CustomStringConvertible {
    /// Another program listens there.
    case addressInUse(host: String, port: UInt16)
    /// The system does not let this user listen there.
    case addressNotPermitted(host: String, port: UInt16)
    /// The computer has no such address, or the system refused for another reason.
    case cannotListen(host: String, port: UInt16, why: String)
    /// The address can be reached from other computers.
    case notLoopback(host: String)
    /// All addresses are listened on, and no name is given by which browsers reach it.
    case noName(host: String)
    /// What is given is no name of a computer.
    case wrongName(String)
    /// The certificate cannot be used.
    case unusableCertificate(path: String, why: String)
    /// The certificate's key cannot be used.
    case unusableKey(path: String, why: String)
    /// Every user of the computer can read the certificate's key.
    case openKey(path: String)
    /// A link needs 256 random bits, and the source gave fewer.
    case tooLittleChance(bytes: Int)
    /// What stands in NOTIFY_SOCKET is no address.
    case noticeAddress(String)
    /// The service's supervisor could not be told.
    case noticeNotSent(socket: String, why: String)

    /// What happened, where, and what to do next.
    public var description: String {
        switch self {
        case .addressInUse(let host, let port):
            "Port \(port) of \(host) is in use by another program, perhaps another console: end that program, or choose "
                + "another port (0 takes a free one)."
        case .addressNotPermitted(let host, let port):
            "This user may not listen on port \(port) of \(host): choose a port above 1023."
        case .cannotListen(let host, let port, let why):
            "Cannot listen on port \(port) of \(host): \(why). Choose an address that this computer has, such as 127.0.0.1."
        case .notLoopback(let host):
            "\(host) can be reached from other computers, and nothing would be encrypted: give a certificate and its key, or "
                + "listen on 127.0.0.1."
        case .noName(let host):
            "\(host) stands for every address of this computer: give the names by which browsers reach it."
        case .wrongName(let name): "\"\(name)\" is no name of a computer: give it without scheme and port."
        case .unusableCertificate(let path, let why):
            "The certificate \(path) cannot be used (\(why)): give a PEM file, the server's own certificate first."
        case .unusableKey(let path, let why):
            "The key \(path) cannot be used (\(why)): give the certificate's own key as a PEM file without a passphrase."
        case .openKey(let path):
            "Every user of this computer can read the key \(path): take that away with chmod 640, or 600."
        case .tooLittleChance(let bytes):
            "A one-time link needs 32 random bytes and the source gave \(bytes): check the system's source of chance."
        case .noticeAddress(let socket):
            "NOTIFY_SOCKET holds \"\(socket)\", which is no socket's name: let systemd set it, or unset it."
        case .noticeNotSent(let socket, let why):
            "The supervisor at \(socket) could not be told how the service is: \(why). Look at NotifyAccess= of the unit."
        }
    }
}
