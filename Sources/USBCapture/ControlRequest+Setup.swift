internal import ProbeLink

extension ControlRequest {
    /// The eight bytes of the setup stage (USB 2.0, table 9-2).
    var setupBytes: [UInt8] {
        let (direction, length): (UInt8, UInt16) =
            switch body {
            case .in(let length): (0x80, length)
            case .out(let bytes): (0, UInt16(clamping: bytes.count))
            }
        return [
            direction | scope.requestTypeBits, request, UInt8(truncatingIfNeeded: value),
            UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: index),
            UInt8(truncatingIfNeeded: index >> 8), UInt8(truncatingIfNeeded: length),
            UInt8(truncatingIfNeeded: length >> 8),
        ]
    }

    /// The request of a setup stage and its OUT data; `nil` for standard requests, which no probe's protocol sends.
    init?(setup: [UInt8], data: ArraySlice<UInt8>) {
        let scopes: [Scope] = [.vendorDevice, .classInterface, .classEndpoint]
        guard setup.count == 8, let scope = scopes.first(where: { $0.requestTypeBits == setup[0] & 0x7F }) else {
            return nil
        }
        func number(_ offset: Int) -> UInt16 { UInt16(setup[offset]) | UInt16(setup[offset + 1]) << 8 }
        let isIn = setup[0] & 0x80 != 0
        self.init(
            setup[1], value: number(2), index: number(4),
            body: isIn ? .in(length: number(6)) : .out(Array(data)), scope: scope)
    }

    /// The request in words for a message.
    var words: String {
        func hexadecimal(_ number: some BinaryInteger) -> String { "0x" + String(number, radix: 16) }
        let carried =
            switch body {
            case .in(let length): "in \(length) bytes"
            case .out(let bytes): "out \(bytes.count) bytes"
            }
        return "request \(hexadecimal(request)) value \(hexadecimal(value)) index \(hexadecimal(index)), \(carried)"
    }
}
