internal import Glibc

/// Holds an exam's folder for one program; the system lets go of it when the program ends, however it ends.
struct ExamFolderLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the folder; a file system that knows no locks is passed over.
    init(_ folder: ExamFolder) throws(ExamSessionError) {
        descriptor = open(folder.file("recordings"), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .notAnExam(path: folder.path, reason: "its folder `recordings` cannot be opened")
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(descriptor)
            throw .inUse(path: folder.path)
        }
    }

    deinit { close(descriptor) }
}
