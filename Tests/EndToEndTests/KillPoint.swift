import Foundation
import TestSupport

/// A library that ends a process with SIGKILL in front of its n-th call that changes a disk, or half-way through it.
///
/// It stands in front of the C library by LD_PRELOAD, so a place is exact, and the same each time.
enum KillPoint {
    /// Builds the library; `nil` where there is no C compiler.
    static func library(in folder: String) throws -> String? { try PreloadedLibrary.build("kill", in: folder) }
}
