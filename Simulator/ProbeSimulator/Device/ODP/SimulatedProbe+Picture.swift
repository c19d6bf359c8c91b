extension SimulatedProbe {
    /// Bytes before the lines of a B-mode payload: frame index, first line, lines of the frame.
    static let pictureHeadBytes = 8

    /// Sends every B-mode frame whose pulse lies before `end`, cut into packets of whole lines.
    mutating func sendFrames(upToPulse end: UInt64) {
        guard let run, run.sends(DeviceIdentity.StreamBit.bMode) else { return }
        var frame = run.nextFrame
        while run.pulseIndex(ofFrame: frame) < end {
            sendFrame(frame, run)
            frame += 1
        }
        self.run?.nextFrame = frame
    }

    private mutating func sendFrame(_ frame: UInt64, _ run: StreamRun) {
        let index = UInt32(truncatingIfNeeded: frame)
        let transmitting = isTransmitting
        let lines = Int(run.settings.bModeLines)
        let samplesPerLine = Int(run.settings.bModeSamplesPerLine)
        let made = source.bModeFrame(index, atSeconds: run.seconds(ofFrame: frame), transmitting: transmitting) ?? []
        let missing = max(0, lines * samplesPerLine - made.count)
        let samples = made + [UInt8](repeating: 0, count: missing)
        let pulse = run.pulseIndex(ofFrame: frame)
        let linesPerPacket = max(
            1, (PacketWriter.longestPayloadBytes - Self.pictureHeadBytes) / max(1, samplesPerLine))
        for first in stride(from: 0, to: lines, by: linesPerPacket) {
            let count = min(linesPerPacket, lines - first)
            var payload: [UInt8] = []
            payload.reserveCapacity(Self.pictureHeadBytes + count * samplesPerLine)
            payload.appendLittleEndian(index)
            payload.appendLittleEndian(UInt16(first))
            payload.appendLittleEndian(UInt16(lines))
            payload += samples[first * samplesPerLine..<(first + count) * samplesPerLine]
            send(
                PacketWriter.Description(
                    kind: .bMode, flags: transmitting ? PacketWriter.Flag.transmitting : 0, pulseIndex: pulse,
                    items: UInt16(count), records: UInt16(samplesPerLine)),
                payload: payload, lastPulse: pulse)
        }
    }
}
