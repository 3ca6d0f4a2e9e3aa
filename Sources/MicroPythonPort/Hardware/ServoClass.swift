import Machine
import MicroPython

/// `pyb.Servo` (ports/stm32/servo.c).
enum ServoClass: HardwareClass {
  static let name = "Servo"
  static let modules = [HardwareModule.pyb]
  static let boardBytes = 0

  static func exists(on hardware: Hardware) -> Bool { !hardware.board.servos.isEmpty }

  static func define(_ type: PythonClassBuilder<Hardware, Servo>) {
    type.make(shared: true, .required("id", .int)) { call, number in
      let servo = try call.host.part("Servo", number, in: call.host.board.servos)
      try servo.start()
      return servo
    }
    type.print { "<Servo \($0.number) at \($0.pulseWidth)us>" }
    type.accessor(
      "pulse_width", .int, get: { $0.pulseWidth }, set: { $0.setPulseWidth(microseconds: $1) })
    type.method("angle", .optional("angle", .float), .optional("time", .int, default: 0)) {
      servo, angle, time -> Int? in
      guard let angle else { return servo.angle }
      servo.setAngle(Float(angle), in: time)
      return nil
    }
    type.method("speed", .optional("speed", .float), .optional("time", .int, default: 0)) {
      servo, speed, time -> Int? in
      guard let speed else { return servo.speed }
      servo.setSpeed(Float(speed), in: time)
      return nil
    }
    type.method(
      "calibration", .optional("pulse_min", .int), .optional("pulse_max", .int),
      .optional("pulse_centre", .int), .optional("pulse_angle_90", .int), .optional("pulse_speed_100", .int)
    ) { servo, minimum, maximum, center, angle, speed -> PythonTuple? in
      guard minimum != nil else { return calibration(of: servo) }
      let count = [minimum, maximum, center, angle, speed].count { $0 != nil }
      if let minimum, let maximum, let center {
        servo.calibration.minimum = steps(minimum)
        servo.calibration.maximum = steps(maximum)
        servo.calibration.center = steps(center)
        if angle == nil { return nil }
      }
      guard let angle, let speed else {
        throw PythonError.type("calibration expecting 1, 4 or 6 arguments, got \(count + 1)")
      }
      servo.calibration.angle90 = steps(angle) &- servo.calibration.center
      servo.calibration.speed100 = steps(speed) &- servo.calibration.center
      return nil
    }
  }

  /// Microseconds as the board keeps them.
  private static func steps(_ microseconds: Int) -> UInt8 { UInt8(truncatingIfNeeded: microseconds / 10) }

  private static func calibration(of servo: Servo) -> PythonTuple {
    let calibration = servo.calibration
    let center = Int(calibration.center)
    return PythonTuple(
      10 * Int(calibration.minimum), 10 * Int(calibration.maximum), 10 * center,
      10 * (Int(calibration.angle90) + center), 10 * (Int(calibration.speed100) + center))
  }
}

/// `pyb.servo` and `pyb.pwm`, which write registers of the servos' timer (ports/stm32/servo.c).
enum ServoFunctions: HardwareFunctions {
  static let modules = [HardwareModule.pyb]

  static func define(_ module: PythonModuleBuilder<Hardware>) {
    module.function("servo", .required("port", .int), .required("value", .int)) {
      call, number, value -> Int? in
      call.host.board.servos[number]?.setCompare(min(max(value, 50), 250))
      return nil
    }
    module.function("pwm", .required("period", .int), .required("pulse", .int)) {
      call, period, pulse -> Int? in
      try call.host.board.servos[3]?.setTimer(period: period, compare: pulse)
      return nil
    }
  }
}
