import ClinicRecord
import RecordDocuments

extension Failure {
    init(_ error: ClinicRecordError) {
        switch error {
        case .settings, .file, .tlsFile: self.init(.usage, error.description)
        case .badDocument: self.init(.data, error.description)
        case .portTaken, .broken, .notConnected, .tlsFailed, .rejected, .notOffered, .aborted, .timedOut,
            .connectionLost, .refused, .badAnswer, .http, .notAcknowledged, .waiting:
            self.init(.incomplete, error.description)
        }
    }
}

/// Does something with the clinic's record and turns its errors into failures.
func recording<Value>(_ body: () throws(ClinicRecordError) -> Value) throws -> Value {
    do throws(ClinicRecordError) { return try body() } catch { throw Failure(error) }
}

/// Makes documents and turns their errors into failures.
func documenting<Value>(_ body: () throws(RecordDocumentError) -> Value) throws -> Value {
    do throws(RecordDocumentError) { return try body() } catch { throw Failure(.data, error.description) }
}

extension RecordSettings {
    /// Reads a settings' file.
    static func read(_ path: String) throws -> RecordSettings {
        try recording { () throws(ClinicRecordError) in try RecordSettings(path: path) }
    }
}
