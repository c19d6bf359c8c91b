import Glibc
import NIOSSL

/// The certificate by which browsers of other computers know the server: TLS 1.2 or newer, nothing older.
public struct ServerEncryption: Sendable, Hashable {
    /// The file of the certificate and those between it and its root (PEM), the server's own first.
    public var certificatePath: String
    /// The file of its key (PEM, without a passphrase), which only its owner and group may read.
    public var keyPath: String

    /// A certificate with its key.
    public init(certificatePath: String, keyPath: String) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
    }

    /// Reads both.
    func context() throws(LocalServerError) -> NIOSSLContext {
        var status = stat()
        guard stat(keyPath, &status) == 0 else {
            throw .unusableKey(path: keyPath, why: String(cString: strerror(errno)))
        }
        guard status.st_mode & 0o007 == 0 else { throw .openKey(path: keyPath) }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificatePath)
            guard !chain.isEmpty else {
                throw LocalServerError.unusableCertificate(path: certificatePath, why: "empty")
            }
            let key: NIOSSLPrivateKey
            do { key = try NIOSSLPrivateKey(file: keyPath, format: .pem) } catch {
                throw LocalServerError.unusableKey(path: keyPath, why: "\(error)")
            }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            return try NIOSSLContext(configuration: configuration)
        } catch let error as LocalServerError {
            throw error
        } catch {
            throw .unusableCertificate(path: certificatePath, why: "\(error)")
        }
    }
}
