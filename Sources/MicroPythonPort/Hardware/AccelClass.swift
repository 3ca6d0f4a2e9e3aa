import Machine
import MicroPython

/// `pyb.Accel` (ports/stm32/accel.c).
enum AccelClass: HardwareClass {
  static let name = "Accel"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 0

  static func exists(on hardware: Hardware) -> Bool { hardware.board.accelerometer != nil }

  static func define(_ type: PythonClassBuilder<Hardware, Accelerometer>) {
    type.make(shared: true) { call in
      guard let part = call.host.board.accelerometer else {
        throw PythonError(.osError, "no accelerometer on this board")
      }
      part.start()
      return part
    }
    type.method("x") { $0.x() }
    type.method("y") { $0.y() }
    type.method("z") { $0.z() }
    type.method("tilt") { Int($0.read(register: 3)) }
    type.method("filtered_xyz") { part in
      let sum = part.filteredSum()
      return PythonTuple(sum.x, sum.y, sum.z)
    }
    type.method("read", .required("register", .int)) { Int($0.read(register: $1 & 0xff)) }
    type.method("write", .required("register", .int), .required("value", .int)) {
      $0.write(UInt8(truncatingIfNeeded: $2), register: $1 & 0xff)
    }
  }
}
