import Timebase

/// Repeats on another net what the drivers of this one do: a wire to another board, a closed contact.
protocol NetFollower: AnyObject {
  /// A driver of the net does something else than before, or has come.
  func pass(_ driver: NetDriver, at time: Instant)
  /// A driver has left the net.
  func forget(_ driver: NetDriver)
  /// The net has been merged into another one of the same board.
  func follow(_ net: Net)
}

extension NetDriver {
  /// A driver's output, to be repeated by another one.
  struct Output {
    let level: Level?
    let pull: Pull
    let voltage: Double?
    let waveform: (any Waveform)?
    let isOpenDrain: Bool

    init(of driver: NetDriver) {
      level = driver.settledLevel
      pull = driver.pull
      voltage = driver.voltage
      waveform = driver.waveform
      isOpenDrain = driver.isOpenDrain
    }

    func put(on twin: NetDriver, at time: Instant) {
      if let waveform {
        twin.hold(pull, at: time)
        if twin.waveform !== waveform { twin.drive(waveform, at: time, openDrain: isOpenDrain) }
      } else if let voltage {
        twin.hold(pull, at: time)
        twin.drive(voltage: voltage, at: time)
      } else {
        twin.set(level: level, pull: pull, at: time)
      }
    }
  }
}
