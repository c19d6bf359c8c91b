extension IGTLMessage {
    /// The message's bytes.
    ///
    /// - Throws: when a part does not fit the wire.
    public func encoded(_ version: IGTLHeaderVersion = .one) throws(IGTLError) -> [UInt8] { [] }
}
