/// The registry of the modules that every MicroPython has, whatever the hardware: one line each (docs/contributing.md).
enum StandardModules {
  static let all: [any PythonModule<Interpreter>.Type] = [
    MathModule.self,
    CmathModule.self,
    StructModule.self,
    ArrayModule.self,
    CollectionsModule.self,
    IoModule.self,
    JSONModule.self,
    ErrnoModule.self,
    RandomModule.self,
    ReModule.self,
    BinasciiModule.self,
    HeapqModule.self,
    HashlibModule.self,
    DeflateModule.self,
    UctypesModule.self,
    FrameBufferModule.self,
  ]
}
