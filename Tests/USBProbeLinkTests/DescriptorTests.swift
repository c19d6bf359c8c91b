import Foundation
import Glibc
import Testing

extension RigSuite {
    @Suite("descriptors without a test bed")
    struct DescriptorTests {
        /// With a sanitizer files are opened by umockdev's library, which leaves them.
        private static let isPlain = dlsym(nil, "__asan_init") == nil && dlsym(nil, "__tsan_init") == nil

        @Test(
            "opening devices leaves nothing open: all tests share one process, which must not run out of descriptors",
            .enabled(if: isPlain, "skipped: umockdev's own `open` is used with a sanitizer"))
        func nothingLeft() throws {
            let times = 500
            let before = try heldDescriptors()
            for _ in 0..<times {
                let descriptor = Glibc.open("/dev/urandom", O_RDONLY | O_CLOEXEC)
                try #require(descriptor >= 0, "errno \(errno)")
                close(descriptor)
            }
            // What runs beside this suite may hold some.
            #expect(try heldDescriptors() < before + times / 2)
        }

        private func heldDescriptors() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        }
    }
}
