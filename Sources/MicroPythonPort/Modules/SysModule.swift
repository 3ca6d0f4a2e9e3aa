import Machine
import MicroPython

/// `sys`
enum SysModule: PythonModule {
  static let name = "sys"
  static let aliases = ["usys"]

  /// The MicroPython whose behaviour this is.
  static let version = (major: 1, minor: 29, patch: 0)
  static var versionText: String { "\(version.major).\(version.minor).\(version.patch)" }

  static func define(_ module: PythonModuleBuilder<PythonRuntime>) {
    defineIdentity(of: module)
    defineStreams(of: module)
    module.function("exit", .optional("value", .value)) { call, value in
      throw call.vm.error(.systemExit, arguments: value.map { [$0] } ?? [])
    }
    module.function("print_exception", .required("exception", .value), .optional("file", .value)) {
      call, exception, stream in
      let text = try call.vm.printedTraceback(of: exception)
      if let stream {
        try call.vm.streamWrite(try call.vm.stream(stream), text)
      } else {
        call.vm.write(text)
      }
    }
  }

  private static func defineIdentity(of module: PythonModuleBuilder<PythonRuntime>) {
    let heap = module.vm.heap
    let description = module.host.board.description
    let identity = description.identity
    module.constant("platform", heap.intern(identity.platform))
    module.constant("byteorder", heap.intern("little"))
    module.constant("version", "3.4.0; MicroPython v\(versionText) on VirtualPyboard")
    module.constant("version_info", PythonTuple(3, 4, 0))
    module.constant("maxsize", description.processor.smallIntBits == 31 ? Int(Int32.max) : Int.max)
    module.constant("argv", PythonList(module.host.arguments))
    let card = module.host.hasCardFiles ? ["/sd", "/sd/lib"] : []
    module.variable("path", PythonList(["", ".frozen"] + card + identity.machinePort.searchPath))
    module.constant("modules", module.vm.modules.value)
    // The prompt's texts, for firmware to read and to set.
    module.variable("ps1", ">>> ")
    module.variable("ps2", "... ")
    let version = PythonTuple(Self.version.major, Self.version.minor, Self.version.patch, heap.intern(""))
    module.constant(
      "implementation",
      module.vm.namedTuple(
        "implementation",
        [
          ("name", heap.intern("micropython")), ("version", version.value(in: module.vm)),
          ("_machine", heap.string(identity.machine)), ("_mpy", heap.int(identity.mpy)),
          ("_build", heap.string(identity.build)), ("_thread", heap.intern("GIL")),
        ]))
  }

  private static func defineStreams(of module: PythonModuleBuilder<PythonRuntime>) {
    guard let input = module.host.hardware.terminalInput else { return }
    let vm = module.vm
    let writeBytes = module.host.writeBytes
    let binary = type("FileIO", vm, buffer: .unbound)
    func stream(_ text: any NativeStream, _ bytes: any NativeStream) -> Value {
      vm.heap.native(type("TextIOWrapper", vm, buffer: vm.heap.native(binary, plain: bytes)), plain: text)
    }
    func output() -> Value {
      stream(
        StandardOutput(isText: true) { [unowned vm] in vm.write($0) },
        StandardOutput(isText: false, output: writeBytes))
    }
    module.constant("stdin", stream(input, input.binary))
    module.constant("stdout", output())
    module.constant("stderr", output())
  }

  private static func type(_ name: String, _ vm: Interpreter, buffer: Value) -> TypeHandle {
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
}
