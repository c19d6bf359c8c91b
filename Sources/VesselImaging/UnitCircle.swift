internal import Glibc

/// Directions around a circle.
enum UnitCircle {
    /// So many directions, evenly, from the right on downwards.
    static func directions(_ count: Int) -> [(x: Double, y: Double)] {
        (0..<max(0, count)).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(count)
            return (cos(angle), sin(angle))
        }
    }
}
