import MicroPythonPort
import Testing

/// How arguments of the classes of `machine` and `pyb` are taken, with the board's texts.
@Suite struct ClassTests {
  /// The last line of what a statement prints, its exception for instance.
  private func lastLine(_ statement: String, board: String = "pyboard-v1.1") throws -> String {
    let run = try FirmwareRun(
      "import machine\ntry:\n  import pyb\nexcept ImportError:\n  pass\ntry:\n  \(statement)\n"
        + "except Exception as e:\n  print(type(e).__name__, e)\n", board: board)
    return run.output.split(separator: "\n").last.map(String.init) ?? ""
  }

  @Test(
    "Methods that count their arguments say how many they take",
    arguments: [
      ("pyb.LED()", "TypeError function takes 1 positional arguments but 0 were given"),
      ("pyb.LED(1).on(1)", "TypeError function takes 1 positional arguments but 2 were given"),
      ("pyb.LED(1).intensity(1, 2)", "TypeError function expected at most 2 arguments, got 3"),
      ("pyb.LED(1).intensity(value=2)", "TypeError function doesn't take keyword arguments"),
      ("pyb.LED(5)", "ValueError LED(5) doesn't exist"),
      ("pyb.LED('1')", "TypeError can't convert str to int"),
      ("pyb.LED.on(3)", "TypeError argument has wrong type"),
      ("machine.Pin('X1')(1, 2)", "TypeError function expected at most 1 arguments, got 2"),
    ])
  func countsArguments(statement: String, text: String) throws {
    #expect(try lastLine(statement) == text)
  }

  @Test(
    "Methods that take arguments by name say which is missing or too many",
    arguments: [
      ("machine.Pin('X1').init()", "TypeError 'mode' argument required"),
      ("machine.Pin('X1', machine.Pin.OUT, colour=1)", "TypeError extra keyword arguments given"),
      ("machine.Pin('X1', 1, None, 0, 1)", "TypeError extra positional arguments given"),
      ("pyb.UART(1).init()", "TypeError 'baudrate' argument required"),
      ("pyb.ExtInt('X1', pyb.ExtInt.IRQ_RISING, 0)", "TypeError 'callback' argument required"),
      ("pyb.DAC(1).write_timed(b'1')", "TypeError 'freq' argument required"),
      ("machine.Pin('X1', 77)", "ValueError invalid pin mode: 77"),
      ("machine.Pin('X1', machine.Pin.ALT)", "ValueError invalid pin af: -1"),
      ("machine.Pin('Z9')", "ValueError Pin(Z9) doesn't exist"),
    ])
  func sortsArgumentsByName(statement: String, text: String) throws {
    #expect(try lastLine(statement) == text)
  }

  @Test("A pin of the Pico is set up with the rp2 port's arguments and texts")
  func portsDiffer() throws {
    #expect(
      try lastLine("print(machine.Pin(3, machine.Pin.OUT, value=1))", board: "raspberry-pi-pico")
        == "Pin(GPIO3, mode=OUT)")
    #expect(
      try lastLine("machine.Pin('Z9')", board: "raspberry-pi-pico") == "ValueError unknown named pin \"Z9\"")
  }

  @Test("Firmware's subclass of a class of the board is an object of that class")
  func subclasses() throws {
    let run = try FirmwareRun(
      """
      import pyb
      class Lamp(pyb.LED):
          def on(self):
              super().on()
              print('on', self.intensity())
      Lamp(4).on()
      print(pyb.LED(4) is pyb.LED(4), pyb.LED(4).intensity())
      """)
    #expect(run.output == "on 255\nTrue 255\n")
  }

  @Test("Pin tells its alternate functions, and finds pins by a dict and by a function")
  func pinsOfThePyboard() throws {
    let run = try FirmwareRun(
      """
      from pyb import Pin
      x3 = Pin('X3')
      print(x3.af_list())
      print([(af.index(), af.name(), hex(af.reg() & 0xffffffff)) for af in x3.af_list()][0], Pin.AF1_TIM2)
      Pin('X3', Pin.AF_PP, alt=Pin.AF1_TIM2)
      print(x3, x3.af(), x3.gpio() & 0x7fffffff == 0x40020000)
      Pin.dict({'left': Pin.cpu.A0})
      Pin.mapper(lambda name: Pin.cpu.A1 if name == 'right' else None)
      print(Pin('left'), Pin('right'), Pin('X3').names())
      Pin.debug(True)
      Pin('X4')
      """)
    #expect(
      run.output == """
        [Pin.AF1_TIM2, Pin.AF2_TIM5, Pin.AF3_TIM9, Pin.AF7_USART2]
        (1, 'AF1_TIM2', '0xc0000000') 1
        Pin(Pin.cpu.A2, mode=Pin.ALT, alt=Pin.AF1_TIM2) 1 True
        Pin(Pin.cpu.A0, mode=Pin.IN) Pin(Pin.cpu.A1, mode=Pin.IN) ['A2', 'X3']
        Pin.board maps 'X4' to Pin(Pin.cpu.A3, mode=Pin.IN)

        """)
  }
}
