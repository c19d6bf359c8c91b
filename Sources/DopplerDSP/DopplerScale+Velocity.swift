internal import Glibc

extension DopplerScale {
    /// Checks that shifts can be turned into velocities.
    ///
    /// - Throws: the first figure that is out of range: frequency and speed of sound above 0, angle 0 up to but
    ///   not including 90 degrees.
    public func validate() throws(DSPError) {
        guard centreFrequencyHz.isFinite, centreFrequencyHz > 0 else {
            throw .centreFrequency(centreFrequencyHz)
        }
        guard speedOfSoundMPerS.isFinite, speedOfSoundMPerS > 0 else { throw .speedOfSound(speedOfSoundMPerS) }
        guard insonationAngleDegrees >= 0, insonationAngleDegrees < 90 else {
            throw .insonationAngle(insonationAngleDegrees)
        }
    }

    /// Velocity of a Doppler shift, cm/s, positive towards the transducer.
    ///
    /// Only a scale that `validate` accepts gives a velocity.
    public func velocityCmPerS(ofShiftHz shiftHz: Double) -> Double { shiftHz * cmPerSPerHz }

    /// Doppler shift of a velocity in cm/s, Hz, positive towards the transducer.
    ///
    /// Only a scale that `validate` accepts gives a shift.
    public func shiftHz(ofVelocityCmPerS velocityCmPerS: Double) -> Double { velocityCmPerS / cmPerSPerHz }

    /// The velocity from which on shifts are aliased, cm/s, at a pulse repetition frequency in Hz.
    public func nyquistVelocityCmPerS(prfHz: Double) -> Double { velocityCmPerS(ofShiftHz: prfHz / 2) }

    /// The lowest and the highest velocity of the scale, cm/s, at a pulse repetition frequency in Hz.
    public func velocityScaleCmPerS(prfHz: Double, baseline: BaselineShift) -> [Double] {
        let scale = baseline.scaleHz(prfHz: prfHz)
        return [scale.lowerBound, scale.upperBound].map(velocityCmPerS(ofShiftHz:))
    }

    /// How far the true velocity may lie from the shown one when the angle is uncertain, as shares of the shown one.
    ///
    /// True velocity over shown velocity is cos(entered angle) / cos(true angle).
    /// - Parameter degrees: how far the true angle may lie to either side of the entered one, degrees, 0 or above.
    /// - Returns: the share when the true angle is smaller and when it is larger, such as -0.13 and 0.18 for
    ///   5 degrees at 60; the second is `nil` when the true angle may reach 90 degrees.
    public func velocityError(angleUncertaintyDegrees degrees: Double) -> (smaller: Double, larger: Double?) {
        let entered = cosine(insonationAngleDegrees)
        let smallest = max(0, insonationAngleDegrees - degrees)
        let largest = insonationAngleDegrees + degrees
        return (entered / cosine(smallest) - 1, largest < 90 ? entered / cosine(largest) - 1 : nil)
    }

    private var cmPerSPerHz: Double {
        let cmPerM = 100.0
        return cmPerM * speedOfSoundMPerS / (2 * centreFrequencyHz * cosine(insonationAngleDegrees))
    }

    private func cosine(_ degrees: Double) -> Double { cos(degrees * .pi / 180) }
}
