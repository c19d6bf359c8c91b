/// A person who signed in to an archive that several people use at the same time through one program.
///
/// Only `Archive.checkSignIn` makes one.
public struct ArchiveSignIn: Sendable, Hashable {
    /// The account's name.
    public let name: String
    /// What the person did when they signed in.
    public let role: ArchiveRole

    /// Who acts on this thread; `nil` leaves it to the archive's own session.
    @TaskLocal static var acting: ArchiveSignIn?

    /// Does something as this person: what is called until it returns, on this thread, is done by their account.
    @discardableResult
    public func acting<Value, Problem: Error>(_ body: () throws(Problem) -> Value) throws(Problem) -> Value {
        let result: Result<Value, Problem> = Self.$acting.withValue(self) {
            do throws(Problem) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
