/// An opaque picture of 8 bits a colour.
struct RGBImage {
    /// Pixels in a row.
    let width: Int
    /// Rows.
    let height: Int
    /// Rows from the top, pixels from the left: red in bits 16 to 23, green in 8 to 15, blue in 0 to 7.
    var pixels: [UInt32]

    /// A picture of one colour.
    init(width: Int, height: Int, filledWith pixel: UInt32) {
        self.width = width
        self.height = height
        pixels = [UInt32](repeating: pixel, count: width * height)
    }
}
