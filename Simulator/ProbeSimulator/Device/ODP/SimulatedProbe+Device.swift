extension SimulatedProbe: SimulatedDevice {
    /// Product and serial number.
    public var label: String { "\(identity.product) \(identity.serialNumber)" }

    /// Whether it runs.
    public var isStreaming: Bool { state == .running }

    /// The interrupt IN endpoint.
    public var eventEndpoint: UInt8? { Self.eventEndpoint }

    /// ODP packets from the first byte on.
    public var streamFraming: StreamFraming { .odp(statusBytesPerPacket: 0) }

    /// The bulk IN endpoint.
    public var streamEndpoint: UInt8 { Self.streamEndpoint }

    /// Collects what an IN endpoint has ready.
    public mutating func read(endpoint: UInt8, atMost limit: Int) -> StreamRead {
        switch endpoint {
        case Self.streamEndpoint: readStream(atMost: limit)
        case Self.eventEndpoint: readEvent()
        default: .stalled
        }
    }
}
