import Glibc
import MicroPython

/// `open` and the types of its files.
struct FileTypes {
  let files: BoardFileSystem

  func install(in vm: Interpreter) {
    let text = makeType("TextIOWrapper", vm)
    let binary = makeType("FileIO", vm)
    vm.addBuiltinFunction("open", 1...2, keywords: true) { (vm, args) throws(Raised) in
      let path = files.hostPath(try vm.string(args[0]))
      let given = args.count > 1 ? args[1] : args.keyword("mode")
      let mode = given.isUnbound ? "r" : try vm.string(given)
      let isText = !mode.contains("b")
      if isFolder(path) { throw vm.osError(Int(EISDIR)) }
      let descriptor = Glibc.open(path, flags(mode), 0o666)
      guard descriptor >= 0 else { throw vm.osError(Int(errno)) }
      return vm.heap.native(
        isText ? text : binary, FileStream(descriptor: descriptor, isText: isText), boardBytes: 600)
    }
  }

  private func flags(_ mode: String) -> Int32 {
    let access = mode.contains("+") ? O_RDWR : mode.contains("r") ? O_RDONLY : O_WRONLY
    var flags = access | O_CLOEXEC
    if mode.contains("w") { flags |= O_CREAT | O_TRUNC }
    if mode.contains("a") { flags |= O_CREAT | O_APPEND }
    if mode.contains("x") { flags |= O_CREAT | O_EXCL }
    return flags
  }

  private func makeType(_ name: String, _ vm: Interpreter) -> TypeHandle {
    let type = vm.heap.type(name)
    vm.makeStreams(of: type)
    vm.iterateByLines(type)
    type.info.print = { vm, value, _, output in
      output.write("<io.\(name) \(String(vm.heap.boardAddress(of: value), radix: 16))>")
    }
    vm.define(type) { builder in
      vm.defineStreamMethods(
        [.read, .readinto, .readline, .readlines, .write, .seek, .tell, .flush, .close, .enter, .exit],
        on: builder)
    }
    return type
  }
}
