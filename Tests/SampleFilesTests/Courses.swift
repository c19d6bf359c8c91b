import SampleFiles

extension VelocityCourses {
    /// Five columns of one gate, 10 ms apart, the third not measured, none between 40 and 60 ms.
    static let five: VelocityCourses = {
        var gate = VelocityCourse(gate: 0, depthMm: 30)
        gate.timeSeconds = [0.0256, 0.0356, 0.0656, 0.0756, 0.0856]
        gate.meanShiftHz = [-100, -110, nil, -130, -140.5]
        gate.envelopeTowardsHz = [0, 0, nil, 0, 0]
        gate.envelopeAwayHz = [-200, -210, nil, -230, -240]
        gate.meanVelocityCmPerS = [-7.7, -8.47, nil, -10.01, -10.8185]
        gate.envelopeTowardsCmPerS = [0, 0, nil, 0, 0]
        gate.envelopeAwayCmPerS = [-15.4, -16.17, nil, -17.71, -18.48]
        gate.direction = ["away", "away", "none", "away", "away"]
        gate.flags = ["settling", "", "noFlowDetected tap", "", ""]
        return VelocityCourses(
            columnSeconds: 0.01, wallFilterHz: 50, envelopeMethod: "noiseThreshold", hasVelocities: true, gates: [gate])
    }()
}
