import DopplerDSP
import Testing

@Suite("DopplerScale")
struct DopplerScaleTests {
    @Test(
        "turns the shifts of the design table into velocities",
        arguments: [
            (10.0, 2.0e6, 0.0, 260.0), (4, 2e6, 30, 90), (30, 7.5e6, 60, 1461), (10, 7.5e6, 60, 487),
            (160, 7.5e6, 60, 7792),
        ])
    func designTable(velocityCmPerS: Double, frequencyHz: Double, angle: Double, shiftHz: Double) {
        let scale = DopplerScale(centreFrequencyHz: frequencyHz, insonationAngleDegrees: angle)
        #expect(abs(scale.shiftHz(ofVelocityCmPerS: velocityCmPerS) - shiftHz) < 0.5)
        #expect(abs(scale.velocityCmPerS(ofShiftHz: shiftHz) - velocityCmPerS) < 0.01 * velocityCmPerS)
    }

    @Test("keeps the sign and comes back", arguments: [-123.0, -0.5, 0, 0.5, 456])
    func roundTrip(velocityCmPerS: Double) {
        let scale = DopplerScale(centreFrequencyHz: 7.5e6, insonationAngleDegrees: 55)
        let shiftHz = scale.shiftHz(ofVelocityCmPerS: velocityCmPerS)
        #expect(shiftHz.sign == velocityCmPerS.sign)
        #expect(abs(scale.velocityCmPerS(ofShiftHz: shiftHz) - velocityCmPerS) < 1e-9)
    }

    @Test("has a Nyquist velocity of 9.6 cm/s at 2 MHz and 500 Hz")
    func nyquist() {
        let scale = DopplerScale(centreFrequencyHz: 2e6, insonationAngleDegrees: 0)
        #expect(abs(scale.nyquistVelocityCmPerS(prfHz: 500) - 9.625) < 1e-9)
    }

    @Test(
        "gives the velocity error of 5 degrees as the references do",
        arguments: [(60.0, -0.13, 0.18), (45, -0.08, 0.10)])
    func angleError(angle: Double, smaller: Double, larger: Double) throws {
        let scale = DopplerScale(centreFrequencyHz: 2e6, insonationAngleDegrees: angle)
        let error = scale.velocityError(angleUncertaintyDegrees: 5)
        #expect(abs(error.smaller - smaller) < 0.006)
        #expect(abs(try #require(error.larger) - larger) < 0.006)
    }

    @Test("has no upper velocity error when the angle may reach 90 degrees")
    func angleErrorAtNinety() {
        let scale = DopplerScale(centreFrequencyHz: 2e6, insonationAngleDegrees: 86)
        #expect(scale.velocityError(angleUncertaintyDegrees: 5).larger == nil)
    }

    @Test("accepts angles from 0 up to, but not, 90 degrees")
    func angles() throws {
        var scale = DopplerScale(centreFrequencyHz: 2e6, insonationAngleDegrees: 0)
        try scale.validate()
        scale.insonationAngleDegrees = 89.9
        try scale.validate()
        for angle in [90, 120, -1, Double.nan] {
            scale.insonationAngleDegrees = angle
            #expect(throws: DSPError.self) { try scale.validate() }
        }
    }

    @Test("refuses frequencies and speeds of sound that are not above 0", arguments: [0, -1, .nan, .infinity])
    func refuses(value: Double) {
        #expect(throws: DSPError.self) {
            try DopplerScale(centreFrequencyHz: value, insonationAngleDegrees: 0).validate()
        }
        #expect(throws: DSPError.self) {
            try DopplerScale(centreFrequencyHz: 2e6, speedOfSoundMPerS: value, insonationAngleDegrees: 0).validate()
        }
    }
}
