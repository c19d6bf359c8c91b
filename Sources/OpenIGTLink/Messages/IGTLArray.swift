/// Numbers with a shape, as `NDARRAY` carries them.
public struct IGTLArray: Sendable, Hashable {
    /// The numbers, the last dimension running fastest.
    public enum Values: Sendable, Hashable {
        /// Whole numbers of 16 bits.
        case int16([Int16])
        /// Whole numbers of 32 bits.
        case int32([Int32])
        /// Numbers of single precision.
        case float32([Float])

        /// How many there are.
        public var count: Int {
            switch self {
            case .int16(let values): values.count
            case .int32(let values): values.count
            case .float32(let values): values.count
            }
        }
    }

    /// The size of each dimension, 1 to 65 535; 1 to 255 dimensions whose product is the count of values.
    public var shape: [Int]
    /// The numbers.
    public var values: Values

    /// An array of its parts; whether they fit each other is found when it is encoded.
    public init(shape: [Int], _ values: Values) {
        self.shape = shape
        self.values = values
    }
}
