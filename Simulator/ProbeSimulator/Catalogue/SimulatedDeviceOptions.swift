/// How the devices of the catalogue differ from what they are without a word said.
public struct SimulatedDeviceOptions: Sendable, Hashable {
    /// The speed of the bus, for devices that have both.
    public var speed = BusSpeed.high
    /// Bytes that ODP devices keep for a host that is slow.
    public var fifoBytes = SimulatedProbe.usualFifoBytes
    /// The build of the USD3.0's firmware.
    public var usd3 = SimulatedUSD3.Options()
    /// Which byte of the DigiDop's samples goes first.
    public var digiDopByteOrder = SampleByteOrder.mostSignificantFirst
    /// The Doppler and the cable at the sound interface.
    public var audio = SimulatedUSBAudio.Options()
    /// What the boards that stream by themselves are set to.
    public var boardSettings = FreeRunningODP.templateSettings
    /// Whether the FX2 board waits for its firmware; a transport in this process cannot load it.
    public var startsCold = false

    /// Every device as its shipped profile describes it.
    public init() {}
}
