/// What one system of the settings said when it was tried.
public struct ConnectionCheck: Sendable, Hashable {
    /// Its name in the settings; `worklist` for that, `listener` for this side's port.
    public var name: String
    /// Who it is.
    public var peer: String
    /// `nil` where it is ready.
    public var error: ClinicRecordError?
}

extension RecordSettings {
    /// Tries everything that is switched on, one after the other, each on a thread that may block.
    public func check() async -> [ConnectionCheck] {
        var checks: [ConnectionCheck] = []
        if let worklist {
            checks.append(
                await Self.check("worklist", worklist.peer.description) { () throws(ClinicRecordError) in
                    try worklist.peer.echo()
                })
        }
        if let listener {
            let port = "port \(listener.port), called \(listener.title)"
            checks.append(
                await Self.check("listener", port) { () throws(ClinicRecordError) in
                    _ = try CommitmentListener(listener) { _ in false }
                })
        }
        for destination in destinations where destination.isOn {
            let peer = destination.description.dropFirst(destination.name.count + 2)
            checks.append(
                await Self.check(destination.name, String(peer)) { () throws(ClinicRecordError) in
                    try DestinationSender.check(destination)
                })
        }
        return checks
    }

    private static func check(
        _ name: String, _ peer: String, _ body: @escaping @Sendable () throws(ClinicRecordError) -> Void
    ) async -> ConnectionCheck {
        do throws(ClinicRecordError) {
            try await onOwnThread(named: name, body)
            return ConnectionCheck(name: name, peer: peer)
        } catch {
            return ConnectionCheck(name: name, peer: peer, error: error)
        }
    }
}
