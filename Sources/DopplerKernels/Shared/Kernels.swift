/// The loops that take most of the time, compiled once for each kind of processor.
///
/// The same files make several modules; a program picks one of them at run time. Everything here works on plain memory
/// that the caller sizes: see each function. Nothing of the Swift library that is generic is called, because its
/// specialisations are shared between modules.
public enum Kernels {}
