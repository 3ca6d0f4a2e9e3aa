import Asyncio
import Machine
import Session
import Timebase

/// A task polls the accelerometer for twenty seconds. It reports movement beyond the sensor's noise, and says so when
/// there was none for two seconds. In Python: apoll.py
@main struct APoll: FirmwareProgram {
  static let abstract = "Polls the accelerometer; move the board with --at 5s:tilt=10,0,20."

  /// How far, in counts, a reading may be from the last one reported.
  static let noise = 4
  /// How long without movement until that is worth a message.
  static let quietTime = Interval.seconds(2)

  @Firmware static func run(on board: Board) async throws {
    print("Testing accelerometer for 20 secs. Move the Pyboard!")
    print("Test runs for 20s.")
    guard let accelerometer = board.accelerometer else { throw NoSuchPart("this board has no accelerometer") }
    createTask { try await watch(accelerometer) }
    try await sleep(20)
    print("Test complete!")
  }

  @Firmware private static func watch(_ accelerometer: Accelerometer) async throws {
    accelerometer.start()
    try await sleepMs(30)  // the sensor's first conversions are not to be trusted
    var position = read(accelerometer)
    var lastReport = try boardTime()
    while true {
      let reading = read(accelerometer)
      if distanceSquared(reading, position) > noise * noise {
        position = reading
        lastReport = try boardTime()
        print("Value x:\(column(reading.x)) y:\(column(reading.y)) z:\(column(reading.z))")
      } else if try boardTime() - lastReport > quietTime {
        lastReport = try boardTime()
        print("Timeout waiting for accelerometer change")
      }
      try await sleepMs(100)
    }
  }

  @Firmware private static func read(_ accelerometer: Accelerometer) -> Accelerometer.Reading {
    Accelerometer.Reading(x: accelerometer.x(), y: accelerometer.y(), z: accelerometer.z())
  }

  private static func distanceSquared(_ a: Accelerometer.Reading, _ b: Accelerometer.Reading) -> Int {
    let (x, y, z) = (a.x - b.x, a.y - b.y, a.z - b.z)
    return x * x + y * y + z * z
  }

  private static func column(_ counts: Int) -> String {
    let digits = String(counts)
    return String(repeating: " ", count: max(0, 3 - digits.count)) + digits
  }
}
