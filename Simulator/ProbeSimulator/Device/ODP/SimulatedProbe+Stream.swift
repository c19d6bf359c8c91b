extension SimulatedProbe {
    /// Whether pulses are transmitted at this moment.
    var isTransmitting: Bool {
        guard let run else { return false }
        return isArmed && run.settings.transmitLevelPerMille > 0
    }

    /// RUN 1: an empty FIFO and everything counted from 0.
    mutating func startRun(_ settings: DeviceSettings) {
        if let nextSource { source = nextSource }
        nextSource = nil
        fifo.clear()
        let started = StreamRun(settings: settings, startNanoseconds: nowNanoseconds)
        counts.beginRun(started.clock)
        source.begin(settings)
        run = started
        state = .running
    }

    /// Makes every packet that is complete by now.
    mutating func makePackets() {
        guard let run else { return }
        let passed = run.clock.pulses(before: nowNanoseconds - run.startNanoseconds)
        while let current = self.run, current.packetEnd <= passed {
            let isBatchEnd = current.packetEnd == current.batchEnd
            makeIQPacket(to: current.packetEnd)
            if isBatchEnd { endBatch() }
        }
    }

    /// Ends the packets of every type here, as at ARM, a self-disarm and RUN 0.
    mutating func cutPackets() {
        makePackets()
        guard let run else { return }
        let passed = run.clock.pulses(before: nowNanoseconds - run.startNanoseconds)
        if run.packetStart < passed { makeIQPacket(to: passed) }
        endBatch()
    }

    /// Makes the I/Q packet of the pulses that are in none yet, up to `end`, at least one.
    private mutating func makeIQPacket(to end: UInt64) {
        guard let run else { return }
        let first = run.packetStart
        let pulses = end - first
        let transmitting = isTransmitting
        self.run?.packetStart = end
        counts.pulses = end
        if transmitting { counts.transmittedPulses += pulses }
        guard run.sends(DeviceIdentity.StreamBit.iq) else { return }
        let expected = 2 * Int(run.settings.gates) * Int(pulses)
        var samples: [Int16] = []
        samples.reserveCapacity(expected)
        source.appendIQ(firstPulse: first, count: Int(pulses), transmitting: transmitting, to: &samples)
        precondition(samples.count == expected, "a signal source appends I and Q of every gate and pulse")
        let (payload, isClipped) = PacketWriter.payload(of: samples)
        let flags = (transmitting ? PacketWriter.Flag.transmitting : 0) | (isClipped ? PacketWriter.Flag.clipped : 0)
        send(
            PacketWriter.Description(
                kind: .iq, flags: flags, pulseIndex: first, items: run.settings.gates, records: UInt16(pulses)),
            payload: payload, lastPulse: end - 1)
    }

    /// Makes the physiology packet up to the last pulse of an I/Q packet and ends the USB transfer.
    private mutating func endBatch() {
        guard let run else { return }
        let end = run.packetStart
        let samples = run.clock.physiologySamples(inPulses: end)
        if run.sends(DeviceIdentity.StreamBit.physiology), samples > run.nextSample {
            makePhysiologyPacket(run.nextSample..<samples, run: run, lastPulse: end - 1)
        }
        self.run?.nextSample = samples
        sendFrames(upToPulse: end)
        self.run?.batchStart = end
        fifo.endTransfer()
    }

    private mutating func makePhysiologyPacket(_ samples: Range<UInt64>, run: StreamRun, lastPulse: UInt64) {
        var payload: [UInt8] = []
        payload.appendLittleEndian(PulseClock.physiologyMilliHz)
        payload.appendLittleEndian(UInt32(0))
        let milliHzPerHz = 1000.0
        for sample in samples {
            let seconds = Double(sample) * milliHzPerHz / Double(PulseClock.physiologyMilliHz)
            let values = source.physiology(atSeconds: seconds)
            payload.appendLittleEndian(identity.hasECG ? values.ecgMicroV : 0)
            payload.appendLittleEndian(identity.hasRespiration ? values.respiration : 0)
        }
        send(
            PacketWriter.Description(
                kind: .physiology, flags: isTransmitting ? PacketWriter.Flag.transmitting : 0,
                pulseIndex: run.clock.pulseIndex(ofPhysiologySample: samples.lowerBound), items: 2,
                records: UInt16(samples.count)),
            payload: payload, lastPulse: lastPulse)
    }

    /// Puts a packet into the FIFO or drops it whole.
    mutating func send(_ description: PacketWriter.Description, payload: [UInt8], lastPulse: UInt64) {
        guard let packet = run?.writer.packet(description, payload: payload) else { return }
        let isKept = fifo.append(packet)
        run?.writer.note(description.kind, dropped: !isKept)
        guard !isKept else { return }
        counts.dropped &+= 1
        raise(.fifoOverrun, pulseIndex: lastPulse)
    }
}
