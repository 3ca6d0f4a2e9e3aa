import Machine
import MicroPython

/// `sys`
struct SysModule {
  let board: Board
  let arguments: [String]
  /// Whether the SD card is mounted.
  let hasCardFiles: Bool
  let input: StandardInput
  /// Takes what firmware writes to the binary streams.
  let writeBytes: ([UInt8]) -> Void

  /// The MicroPython whose behaviour this is.
  static let version = (major: 1, minor: 29, patch: 0)
  static var versionText: String { "\(version.major).\(version.minor).\(version.patch)" }

  func add(to vm: Interpreter) {
    vm.addModule("sys") { module in
      addIdentity(to: module)
      addStreams(to: module)
      addFunctions(to: module)
    }
    vm.addModuleAlias("usys", for: "sys")
    // The search path is looked up in the loaded module.
    _ = try? vm.importModule("sys", globals: vm.mainGlobals, hasFromList: true, level: 0)
  }

  private func addIdentity(to module: ModuleBuilder) {
    let heap = module.vm.heap
    let identity = board.description.identity
    module.attribute("platform", heap.intern(identity.platform))
    module.attribute("byteorder", heap.intern("little"))
    module.attribute("version", heap.string("3.4.0; MicroPython v\(Self.versionText) on VirtualPyboard"))
    module.attribute("version_info", heap.tuple([3, 4, 0].map { Value(smallInt: $0) }))
    module.attribute(
      "maxsize", heap.int(board.description.processor.smallIntBits == 31 ? Int(Int32.max) : Int.max))
    module.attribute("argv", heap.list(arguments.map { heap.string($0) }))
    let card = hasCardFiles ? ["/sd", "/sd/lib"] : []
    module.settableAttribute(
      "path", heap.list((["", ".frozen"] + card + identity.machinePort.searchPath).map { heap.string($0) }))
    module.attribute("modules", module.vm.modules.value)
    // The prompt's texts, for firmware to read and to set.
    module.settableAttribute("ps1", heap.string(">>> "))
    module.settableAttribute("ps2", heap.string("... "))
    let version = [Self.version.major, Self.version.minor, Self.version.patch].map { Value(smallInt: $0) }
    module.attribute(
      "implementation",
      module.vm.namedTuple(
        "implementation",
        [
          ("name", heap.intern("micropython")), ("version", heap.tuple(version + [heap.intern("")])),
          ("_machine", heap.string(identity.machine)), ("_mpy", heap.int(identity.mpy)),
          ("_build", heap.string(identity.build)), ("_thread", heap.intern("GIL")),
        ]))
  }

  private func addStreams(to module: ModuleBuilder) {
    let vm = module.vm
    let binary = type("FileIO", vm, buffer: .unbound)
    func stream(_ text: any NativeStream, _ bytes: any NativeStream) -> Value {
      vm.heap.native(type("TextIOWrapper", vm, buffer: vm.heap.native(binary, bytes)), text)
    }
    func output() -> Value {
      stream(
        StandardOutput(isText: true) { [unowned vm] in vm.write($0) },
        StandardOutput(isText: false, output: writeBytes))
    }
    module.attribute("stdin", stream(input, input.binary))
    module.attribute("stdout", output())
    module.attribute("stderr", output())
  }

  private func type(_ name: String, _ vm: Interpreter, buffer: Value) -> TypeHandle {
    let type = vm.heap.type(name)
    vm.makeStreams(of: type)
    vm.iterateByLines(type)
    vm.define(type) { builder in
      vm.defineStreamMethods(
        [.read, .readinto, .readline, .readlines, .write, .flush, .close, .enter, .exit], on: builder)
      if !buffer.isUnbound { builder.attribute("buffer", buffer) }
    }
    return type
  }

  private func addFunctions(to module: ModuleBuilder) {
    module.function("exit", 0...1) { (vm, args) throws(Raised) in
      throw vm.error(.systemExit, arguments: args.count > 0 ? [args[0]] : [])
    }
    module.function("print_exception", 1...2) { (vm, args) throws(Raised) in
      let text = vm.tracebackText(of: args[0])
      if args.count > 1 {
        try vm.streamWrite(try vm.stream(args[1]), text)
      } else {
        vm.write(text)
      }
      return .none
    }
  }
}
