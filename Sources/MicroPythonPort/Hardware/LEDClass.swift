import Machine
import MicroPython

/// `pyb.LED` (ports/stm32/led.c).
enum LEDClass: HardwareClass {
  static let name = "LED"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 0

  static func define(_ type: PythonClassBuilder<Hardware, LED>) {
    type.make(shared: true, .required("id", .int)) { call, id in
      try call.host.part("LED", id, in: call.host.board.leds)
    }
    type.print { "LED(\($0.number))" }
    type.method("on") { $0.on() }
    type.method("off") { $0.off() }
    type.method("toggle") { $0.toggle() }
    type.accessor("intensity", .int, get: { $0.intensity }, set: { $0.intensity = $1 })
  }
}
