/// Is shown every transfer of a probe as it ends, so that a session can be captured.
///
/// The calls come on the acquisition thread, and those of requests on the thread that made them, so an
/// implementation must neither block nor fail. Times are those of the transport's monotonic clock.
public protocol TransferTap: Sendable {
    /// Notes the end of one request on endpoint 0.
    ///
    /// - Parameters:
    ///   - request: what was sent, with the data of an OUT request.
    ///   - data: the data of an IN request, cut to what came; empty for OUT and after an error.
    ///   - error: why it failed; `nil` = it did not.
    ///   - startNanoseconds: when it was submitted.
    ///   - endNanoseconds: when it came back.
    func controlEnded(
        _ request: ControlRequest, data: [UInt8], error: TransportError?, startNanoseconds: UInt64,
        endNanoseconds: UInt64)

    /// Notes the end of one transfer of an IN endpoint.
    ///
    /// - Parameters:
    ///   - endpoint: the address with its direction bit, such as 0x81.
    ///   - isIsochronous: whether `bytes` are the packets of an isochronous transfer, joined.
    ///   - statusErrno: 0 or the negative error number that Linux has for the transfer's status.
    ///   - bytes: what came; empty after most failures.
    ///   - nanoseconds: when it came back.
    func transferEnded(
        endpoint: UInt8, isIsochronous: Bool, statusErrno: Int32, bytes: RawSpan, nanoseconds: UInt64)

    /// Notes that packets of an isochronous endpoint did not arrive, in the order of the transfers' bytes.
    ///
    /// - Parameters:
    ///   - endpoint: the address with its direction bit.
    ///   - count: how many in a row.
    ///   - packetNanoseconds: the interval in which the bus asks for one packet.
    ///   - nanoseconds: when their transfer came back.
    func packetsMissed(endpoint: UInt8, count: Int, packetNanoseconds: UInt64, nanoseconds: UInt64)
}

extension TransferTap {
    /// A tap that follows no isochronous stream need not know.
    public func packetsMissed(endpoint: UInt8, count: Int, packetNanoseconds: UInt64, nanoseconds: UInt64) {}
}
