/// What a client asks the server's owner to do.
///
/// A client says it in XML, in a `COMMAND` (header version 2) or, where it knows none, in a `STRING` to the device
/// `CMD_` and a number, as PLUS takes them; the answer goes to `ACK_` and that number:
///
/// ```xml
/// <Command Name="ListParameters"/>
/// <Command Name="GetParameter"><Parameter Name="prfHz"/></Command>
/// <Command Name="SetParameter"><Parameter Name="prfHz" Value="5000"/></Command>
/// ```
///
/// or shorter `<ListParameters/>`, `<GetParameter Name="prfHz"/>`, `<SetParameter Name="prfHz" Value="5000"/>`.
public enum IGTLCommand: Sendable, Hashable {
    /// `GetParameter`: the value of one.
    case getParameter(name: String)
    /// `SetParameter`: another value for one.
    case setParameter(name: String, value: String)
    /// `ListParameters`: all of them.
    case listParameters
}

/// A parameter with its unit in its name and its value as text.
public struct IGTLParameter: Sendable, Hashable {
    /// For example `prfHz`.
    public var name: String
    /// For example `5000`.
    public var value: String
    /// Whether `SetParameter` may change it.
    public var isSettable: Bool

    /// A parameter of its parts.
    public init(_ name: String, _ value: String, isSettable: Bool) {
        self.name = name
        self.value = value
        self.isSettable = isSettable
    }
}

/// What the owner answers.
public enum IGTLReply: Sendable, Hashable {
    /// It is done, and these are the values now: one of `GetParameter` and `SetParameter`, all of `ListParameters`.
    case parameters([IGTLParameter])
    /// It is not done, with the reason in words.
    case failure(String)
}
