import Foundation

/// The tint map of spectrogram pictures: CIELAB lightness rises evenly with the level, with a blue cast.
///
/// Even lightness keeps equal steps in dB equally visible, in print without colour too.
enum SpectrogramTint {
    /// Levels of the map; 64 keep the pictures small (project choice).
    static let levels = 64
    /// Where samples are missing: a grey that the map does not contain.
    static let gap: UInt32 = 0x9A_9A9A
    /// Lightness of no signal and of the strongest signal, L* (project choice).
    private static let lightness = 6.0...97.0
    /// Largest blue cast, b* (project choice).
    private static let cast = -24.0

    /// The pixels from no signal to the strongest.
    static let pixels: [UInt32] = (0..<levels).map { level in
        let share = Double(level) / Double(levels - 1)
        let span = lightness.upperBound - lightness.lowerBound
        return pixel(lightness: lightness.lowerBound + share * span, blue: cast * sin(.pi * share))
    }

    /// CIELAB with a* = 0 to sRGB (CIE 15:2004, 8.2.1; IEC 61966-2-1, D65).
    private static func pixel(lightness: Double, blue: Double) -> UInt32 {
        let middle = (lightness + 16) / 116
        let x = 0.95047 * decoded(middle)
        let y = decoded(middle)
        let z = 1.08883 * decoded(middle - blue / 200)
        let linear = [
            3.2406 * x - 1.5372 * y - 0.4986 * z, -0.9689 * x + 1.8758 * y + 0.0415 * z,
            0.0557 * x - 0.2040 * y + 1.0570 * z,
        ]
        return linear.reduce(0) { $0 << 8 | UInt32((coded($1) * 255).rounded()) }
    }

    private static func decoded(_ value: Double) -> Double {
        value > 6.0 / 29 ? value * value * value : 3 * (6.0 / 29) * (6.0 / 29) * (value - 4.0 / 29)
    }

    private static func coded(_ light: Double) -> Double {
        let light = min(max(light, 0), 1)
        return light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
    }
}
