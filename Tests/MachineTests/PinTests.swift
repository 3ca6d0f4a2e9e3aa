import Bench
import Machine
import Testing
import Timebase

@Suite("A pin")
struct PinTests {
  @Test("pulls low and lets go when it is an open drain")
  func openDrain() throws {
    let bench = try Bench(isTraced: true)
    let pin = try bench.board.pins["Y1"]
    pin.configure(.outputOpenDrain, pull: .up, level: .high)
    #expect(pin.level == .high)
    pin.low()
    #expect(pin.level == .low)
    pin.configure(.analog)
    #expect(pin.level == .low)
  }

  @Test("is one pin under all its names")
  func names() throws {
    let pins = try Bench(isTraced: true).board.pins
    #expect(try pins["X17"] === pins["SW"])
    #expect(try pins["X17"] === pins["B3"])
    #expect(
      try pins["X3"].functions.map(\.signal) == [
        "TIM2_CH3", "TIM5_CH3", "TIM9_CH1", "USART2_TX", "ADC123_IN2",
      ])
  }

  @Test("keeps what is written to it while it is an input")
  func outputRegister() throws {
    let bench = try Bench(isTraced: true)
    let pin = try bench.board.pins["X5"]
    pin.high()
    #expect(pin.level == .low)
    pin.configure(.outputPushPull)
    #expect(pin.level == .high)
  }

  @Test("shares its interrupt line with the pins of its number, one at a time")
  func sharedLine() throws {
    let board = try Bench(isTraced: true).board
    let (x1, c0) = (try board.pins["X1"], try board.pins["X19"])
    try x1.irq(.rising) { _ in }
    try x1.irq(.falling) { _ in }
    let error = #expect(throws: ExternalInterruptError.self) { try c0.irq(.rising) { _ in } }
    #expect(error?.description == "IRQ resource already taken by Pin('A0')")
    try x1.setInterrupt(.rising, nil)
    try board.externalInterrupts.attach(c0, trigger: .rising, handler: .soft({ _ in }), as: .line)
    #expect(throws: ExternalInterruptError.lineInUse(0)) { try x1.irq(.rising) { _ in } }
  }
}
