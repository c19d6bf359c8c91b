/// A picture in two dimensions; a spectrum is one whose columns are moments and whose rows are velocities.
///
/// The wire gives lengths in mm. What is no length keeps its own unit in the same fields: say which in the metadata or in
/// a STRING.
public struct IGTLImage: Sendable, Hashable {
    /// The values, row by row, the first row first.
    public enum Pixels: Sendable, Hashable {
        /// Grey values.
        case uint8([UInt8])
        /// Any values.
        case float32([Float])

        /// How many there are.
        public var count: Int {
            switch self {
            case .uint8(let values): values.count
            case .float32(let values): values.count
            }
        }
    }

    /// Its width, 1 to 65 535.
    public var columns: Int
    /// Its height, 1 to 65 535.
    public var rows: Int
    /// `rows` times `columns` values.
    public var pixels: Pixels
    /// From one column to the next: finite, above 0 (mm, or seconds of a spectrum).
    public var columnSpacing: Float
    /// From one row to the next: finite, above 0 (mm, or cm/s or Hz of a spectrum).
    public var rowSpacing: Float
    /// Where the middle of the first column's pixels lies, in the unit of `columnSpacing`.
    public var firstColumn: Float
    /// Where the middle of the first row's pixels lies, in the unit of `rowSpacing`.
    public var firstRow: Float

    /// A picture of its parts; whether they fit each other is found when it is encoded.
    public init(
        columns: Int, rows: Int, pixels: Pixels, columnSpacing: Float = 1, rowSpacing: Float = 1,
        firstColumn: Float = 0,
        firstRow: Float = 0
    ) {
        self.columns = columns
        self.rows = rows
        self.pixels = pixels
        self.columnSpacing = columnSpacing
        self.rowSpacing = rowSpacing
        self.firstColumn = firstColumn
        self.firstRow = firstRow
    }
}
