import Bench
import Glibc
import Machine
import Synchronization
import Testing
import Timebase

@Suite("An interrupt")
struct InterruptTests {
  private func threadName() -> String {
    let descriptor = open("/proc/thread-self/comm", O_RDONLY)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count - 1)), as: UTF8.self)
  }

  private func drivenPin(_ bench: Bench) throws -> (Pin, NetDriver) {
    let pin = try bench.board.pins["X1"]
    let device = NetDriver(name: "device")
    pin.net.attach(device)
    return (pin, device)
  }

  @Test("runs hard handlers on the thread named interrupt, soft ones on the firmware's")
  func threads() throws {
    let bench = try Bench(isTraced: true)
    let names = Lines()
    let (pin, device) = try drivenPin(bench)
    let here = threadName()
    try pin.irq(.rising) { _ in names.append(threadName()) }
    device.drive(.high)
    bench.clock.busy(for: .milliseconds(1))
    try pin.irq(.falling, kind: .soft) { _ in names.append(threadName()) }
    device.drive(.low)
    bench.clock.busy(for: .milliseconds(1))
    #expect(names.all == ["interrupt", here])
  }

  @Test("tells its handler when the edge came; the handler runs 15 us after it")
  func latency() throws {
    let bench = try Bench(isTraced: true)
    let times = Mutex<[Instant]>([])
    let (pin, device) = try drivenPin(bench)
    try pin.irq(.rising) { interrupt in
      times.withLock { $0.append(interrupt.time) }
      interrupt.perform { board in times.withLock { $0.append(board.clock.now) } }
    }
    let edge = Instant(nanoseconds: 2_000_000)
    bench.clock.schedule(at: edge) { device.drive(.high) }
    bench.clock.busy(for: .milliseconds(3))
    #expect(times.withLock { $0 } == [edge, edge + .microseconds(15)])
  }

  @Test(
    "on an edge of a waveform comes at the same instant, whoever else hears the edge",
    arguments: [InterruptKind.hard, .soft])
  func waveformEdges(kind: InterruptKind) throws {
    func times(isHeard: Bool) throws -> [Instant] {
      let bench = try Bench()
      let times = Mutex<[Instant]>([])
      try bench.board.connect(wire: "X1-X2")
      let timer = try bench.board.timer(2)
      try timer.start(TimerDivision(prescaler: 83, period: 999))
      try timer.connect(try bench.board.pins["X1"])
      try timer.channel(1).start(.pwm, compare: 500)
      let pin = try bench.board.pins["X2"]
      let listening = isHeard ? pin.net.listen { _ in } : nil
      try pin.irq(.rising, kind: kind) { interrupt in
        times.withLock { $0.append(interrupt.time) }
        interrupt.perform { board in times.withLock { $0.append(board.clock.now) } }
      }
      bench.clock.busy(for: .microseconds(20_500))
      withExtendedLifetime(listening) {}
      return times.withLock { $0 }
    }
    let alone = try times(isHeard: false)
    #expect(alone.count == 40)
    #expect(try times(isHeard: true) == alone)
  }

  @Test("waits while interrupts are disabled, latches one and reports the one after it")
  func disabled() throws {
    let bench = try Bench(isTraced: true)
    let count = Atomic(0)
    let (pin, device) = try drivenPin(bench)
    try pin.irq(.rising) { _ in count.add(1, ordering: .relaxed) }
    let state = bench.board.interrupts.disable()
    for _ in 0..<2 {
      device.drive(.high)
      device.drive(.low)
    }
    bench.clock.busy(for: .milliseconds(1))
    #expect(count.load(ordering: .relaxed) == 0)
    bench.board.interrupts.enable(state)
    #expect(count.load(ordering: .relaxed) == 1)
    #expect(bench.main.findings.count == 1)
    #expect(bench.main.findings.first?.contains("edge-missed: X1 interrupted again") == true)
  }

  @Test("goes in order of priority when several wait")
  func priority() throws {
    let bench = try Bench(isTraced: true)
    let order = Lines()
    let (pin, device) = try drivenPin(bench)
    try pin.irq(.rising) { order.append($0.source) }
    let timer = try bench.board.timer(4)
    timer.callback { order.append($0.source) }
    try timer.start(frequency: 1000)
    _ = bench.board.interrupts.disable()
    device.drive(.high)
    bench.clock.busy(for: .microseconds(1500))
    bench.board.interrupts.enable()
    #expect(order.all == ["Timer 4", "X1"])
  }

  @Test("preempts a handler of lower priority on the same thread, and only that")
  func preemption() throws {
    let bench = try Bench(isTraced: true)
    let order = Lines()
    let timer = try bench.board.timer(4)
    let (pin, device) = try drivenPin(bench)
    let other = try bench.board.pins["X2"]
    let otherDevice = NetDriver(name: "other")
    other.net.attach(otherDevice)
    let clock = bench.clock
    try other.setInterrupt(.rising, .routine(Routine { order.append("X2 " + threadName()) }, .hard))
    timer.setInterrupt(
      .routine(
        Routine {
          order.append("timer " + threadName())
          otherDevice.drive(.high)
          clock.charge(.microseconds(50))
          clock.sliceExpired()
          order.append("timer ends")
        }, .hard))
    try pin.setInterrupt(
      .rising,
      .routine(
        Routine {
          order.append("X1 begins")
          clock.charge(.milliseconds(1))
          clock.sliceExpired()
          order.append("X1 ends")
        }, .hard))
    try timer.start(frequency: 1000)
    bench.clock.busy(for: .microseconds(500))
    device.drive(.high)
    bench.clock.busy(for: .microseconds(100))
    #expect(
      order.all == ["X1 begins", "timer interrupt", "timer ends", "X1 ends", "X2 interrupt"])
  }

  @Test("waits for the clock's next events when a language port wants it so")
  func betweenBytecodes() throws {
    let bench = try Bench(isTraced: true)
    bench.board.interrupts.deliversAtOnce = false
    let (pin, device) = try drivenPin(bench)
    var order: [String] = []
    try pin.setInterrupt(.rising, .routine(Routine { order.append("handler") }, .hard))
    device.drive(.high)
    bench.board.interrupts.poll()
    order.append("native call ends")
    bench.clock.sliceExpired()
    #expect(order == ["native call ends", "handler"])
  }

  @Test("leaves the firmware a little time even when handlers take longer than their period")
  func overload() throws {
    let bench = try Bench(isTraced: true)
    let timer = try bench.board.timer(4)
    let clock = bench.clock
    timer.setInterrupt(.routine(Routine { clock.charge(.milliseconds(3)) }, .hard))
    try timer.start(frequency: 1000)
    var turns = 0
    while clock.now < Instant(nanoseconds: 50_000_000) {
      clock.charge(.microseconds(10))
      clock.sliceExpired()
      turns += 1
    }
    #expect(turns > 10)
    #expect(bench.main.findings.filter { $0.contains("edge-missed") }.count == 1)
  }

  @Test("is switched off when its handler throws, and says so")
  func failure() throws {
    struct Failure: Error {}
    let bench = try Bench(isTraced: true)
    let count = Atomic(0)
    let (pin, device) = try drivenPin(bench)
    try pin.irq(.risingOrFalling) { _ in
      count.add(1, ordering: .relaxed)
      throw Failure()
    }
    device.drive(.high)
    bench.clock.busy(for: .milliseconds(1))
    device.drive(.low)
    bench.clock.busy(for: .milliseconds(1))
    #expect(count.load(ordering: .relaxed) == 1)
    #expect(
      bench.main.findings.first?.contains("handler-failed: the interrupt handler of X1 threw Failure()")
        == true)
  }

  @Test("lets its handler work on the board while the firmware stands still")
  func boardAccess() throws {
    let bench = try Bench(isTraced: true)
    let (pin, device) = try drivenPin(bench)
    try pin.irq(.rising) { $0.perform { board in board.leds[1]?.toggle() } }
    device.drive(.high)
    bench.clock.busy(for: .milliseconds(1))
    #expect(try bench.board.led(1).isOn)
  }

  @Test("comes in host mode while the firmware computes and looks at nothing")
  func hostModeTimers() throws {
    let bench = try Bench(.load("pyboard-v1.1"), isTraced: true, mode: .host)
    let updates = Atomic(0)
    let ticks = Atomic(0)
    let timer = try bench.board.timer(4)
    timer.callback { _ in updates.add(1, ordering: .relaxed) }
    try timer.start(frequency: 1000)
    let soft = bench.board.makeSoftTimer()
    try soft.start(period: 2, kind: .hard) { _ in ticks.add(1, ordering: .relaxed) }
    while updates.load(ordering: .relaxed) < 20 || ticks.load(ordering: .relaxed) < 5 {}
    let state = bench.board.interrupts.disable()
    usleep(5000)
    let count = updates.load(ordering: .relaxed)
    usleep(5000)
    #expect(updates.load(ordering: .relaxed) == count)
    bench.board.interrupts.enable(state)
    while updates.load(ordering: .relaxed) == count {}
    timer.stop()
    soft.stop()
    bench.clock.busy(for: .milliseconds(3))
    #expect(bench.main.trace.contains { $0.hasSuffix("interrupt Timer 4 entry") })
  }

  @Test("runs beside the firmware in host mode and reaches the board later")
  func hostMode() throws {
    let bench = try Bench(.load("pyboard-v1.1"), isTraced: true, mode: .host)
    let (pin, device) = try drivenPin(bench)
    let started = Atomic(false)
    let firmwareGoesOn = Atomic(false)
    try pin.irq(.rising) { interrupt in
      started.store(true, ordering: .releasing)
      while !firmwareGoesOn.load(ordering: .acquiring) { usleep(100) }
      interrupt.perform { board in board.leds[2]?.on() }
    }
    device.drive(.high)
    bench.board.interrupts.poll()
    while !started.load(ordering: .acquiring) { usleep(100) }
    firmwareGoesOn.store(true, ordering: .releasing)
    let led = try bench.board.led(2)
    for _ in 0..<1000 where !led.isOn { bench.clock.busy(for: .milliseconds(1)) }
    #expect(led.isOn)
  }

  @Test("wakes a board that waits in host mode when its handler fails, and not again and again before")
  func hostModeFailure() throws {
    let bench = try Bench(.load("pyboard-v1.1"), isTraced: true, mode: .host)
    let timer = try bench.board.timer(4)
    let runs = Atomic(0)
    timer.callback { _ in
      if runs.add(1, ordering: .relaxed).newValue == 5 { throw HandlerError() }
    }
    try timer.start(frequency: 100)
    #expect(bench.clock.nextEventDue == nil)
    #expect(bench.clock.idle(until: bench.clock.now + .seconds(60)) == .woken)
    #expect(runs.load(ordering: .relaxed) == 5)
    #expect(bench.main.findings.contains { $0.contains("the interrupt handler of Timer 4 threw") })
    timer.stop()
  }
}

private struct HandlerError: Error {}

/// A handler as a language port sets it.
final class Routine: InterruptRoutine {
  private let body: () throws -> Void
  init(_ body: @escaping () throws -> Void) { self.body = body }
  func handle(_ interrupt: Interrupt) throws { try body() }
}
