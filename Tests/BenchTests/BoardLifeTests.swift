import Bench
import Foundation
import Testing

@Suite("Boards that are over") struct BoardLifeTests {
  @Test(
    "A board goes away with its bench, whatever its firmware has left running",
    arguments: [
      "pass",
      "Pin('X1', Pin.IN).irq(lambda pin: None)",
      "Pin('X1', Pin.IN).irq(lambda pin: None, hard=True)",
      "pyb.ExtInt('X1', pyb.ExtInt.IRQ_FALLING, pyb.Pin.PULL_UP, lambda line: None)",
      "pyb.Switch().callback(lambda: None)",
      "pyb.Timer(2, freq=100, callback=lambda timer: None)",
      "pyb.Timer(2, freq=100).channel(1, pyb.Timer.PWM, pin=pyb.Pin('X1'), pulse_width_percent=50)",
      "machine.UART(4, 9600).irq(lambda uart: None, machine.UART.IRQ_RXIDLE)",
      "machine.I2C('X')",
      "pyb.RTC().wakeup(1, lambda timer: None)",
      "_thread.start_new_thread(lambda: time.sleep(1), ())",
      "os.dupterm(pyb.UART(4, 9600))",
      "while True: pass",
      "pyb.stop()",
      "machine.reset()",
      "1 / 0",
    ])
  func goesAway(firmware: String) throws {
    weak var clock: Clock?
    weak var board: Board?
    do {
      let bench = try Bench()
      (clock, board) = (bench.clock, bench.board)
      bench.main.start(
        python: "import _thread, machine, os, pyb, time\nfrom machine import Pin\n" + firmware)
      try bench.advance(by: .milliseconds(20))
    }
    // The thread of firmware that has ended lets go of its clock as its last act.
    for _ in 0..<400 where clock != nil { usleep(5000) }
    #expect(clock == nil && board == nil)
  }

  @Test(
    "A board goes away although something around it is still to happen",
    arguments: ["gps:it@X2", "dht22:it@X1", "encoder:it@X1,X2", "button:it@X3"])
  func devices(device: String) throws {
    weak var clock: Clock?
    do {
      let bench = try Bench()
      clock = bench.clock
      try bench.main.device(device)
      if device.hasPrefix("encoder") { try bench.board.set("it.turn", to: "10,5ms") }
      if device.hasPrefix("dht22") {
        try bench.main.pin("X1").configure(.outputPushPull, level: .low)
        try bench.advance(by: .milliseconds(1))
        try bench.main.pin("X1").configure(.input)
      }
      _ = bench.main.time(.seconds(10))
      // In the middle of the answer, and of the sentences of the first second.
      try bench.advance(until: .powerOn + .milliseconds(device.hasPrefix("gps") ? 1350 : 3))
    }
    #expect(clock == nil)
  }
}
