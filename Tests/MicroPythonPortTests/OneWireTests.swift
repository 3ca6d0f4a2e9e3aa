import Diagnostics
import Foundation
import Machine
import MicroPythonPort
import Testing
import Timebase

/// Drivers that drive and sample a pin at exact times.
@Suite struct OneWireTests {
  @Test("machine.bitstream makes the pulses of its timing, bit by bit")
  func bitstream() throws {
    let clock = Clock(mode: .virtual)
    let board = try Board(
      description: try #require(try BoardDescription.builtIn("pyboard-v1.1")), clock: clock,
      diagnostics: DiagnosticSink { _ in })
    var edges: [Net.Edge] = []
    let listening = try board.pins["X1"].net.listen { edges.append($0) }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(
      """
      import machine, neopixel
      pixels = neopixel.NeoPixel(machine.Pin('X1', machine.Pin.OUT), 1)
      pixels[0] = (0, 0xa0, 0)
      pixels.write()
      """.utf8
    ).write(to: folder.appending(path: "main.py"))
    _ = PythonFirmware(board: board) { _ in }.run(try PythonProgram(path: folder.path()))
    listening.cancel()
    let lengths = zip(edges, edges.dropFirst()).map { ($1.time - $0.time).nanoseconds }
    // Green goes first: 1, 0, 1, 0 ...
    #expect(lengths.prefix(8) == [800, 450, 400, 850, 800, 450, 400, 850])
    // 24 bits end with a low that lasts.
    #expect(lengths.count == 47)
  }

  @Test("A 1-wire bus without devices has none, and its check byte is Maxim's")
  func emptyBus() throws {
    let run = try FirmwareRun(
      """
      import machine, onewire, ds18x20, _onewire
      bus = onewire.OneWire(machine.Pin('X1'))
      print(bus.reset(), bus.readbit(), bus.scan(), ds18x20.DS18X20(bus).scan())
      try:
          bus.reset(True)
      except onewire.OneWireError:
          print('nobody')
      print(_onewire.crc8(b'\\x02\\x1c\\xb8\\x01\\x00\\x00\\x00'))
      """)
    #expect(run.output == "False 1 [] []\nnobody\n162\n")
  }

  @Test("A DHT22 that is not there times out as on the board")
  func noSensor() throws {
    let run = try FirmwareRun(
      """
      import dht, machine
      sensor = dht.DHT22(machine.Pin('X1', machine.Pin.IN, machine.Pin.PULL_UP))
      try:
          sensor.measure()
      except OSError as e:
          print(e)
      """)
    #expect(run.output == "[Errno 110] ETIMEDOUT\n")
    #expect(run.duration >= 268)
  }

  @Test("pyb tells its USB mode and takes another; the terminal is USB_VCP")
  func usb() throws {
    let run = try FirmwareRun(
      """
      import pyb
      print(pyb.usb_mode(), pyb.have_cdc())
      pyb.usb_mode('CDC')
      print(pyb.usb_mode())
      vcp = pyb.USB_VCP()
      vcp.write('hello\\n')
      print(vcp, vcp.isconnected())
      try:
          pyb.usb_mode('x')
      except ValueError as e:
          print(e)
      """)
    #expect(run.output == "VCP+MSC True\nVCP\nhello\nUSB_VCP(0) True\nbad USB mode\n")
  }

  @Test("ADCAll reads all channels at its resolution")
  func allChannels() throws {
    let run = try FirmwareRun(
      """
      import pyb
      pyb.DAC(1, bits=12).write(2048)
      for bits in (8, 12):
          adc = pyb.ADCAll(bits, 0x70000)
          print(adc.read_channel(0), round(adc.read_core_temp()), adc.read_vref(), adc.read_core_vref())
      try:
          pyb.ADCAll(7)
      except ValueError as e:
          print(e)
      """, wires: ["X5-X1"])
    #expect(run.output == "128 20 3.3 1.21\n2048 25 3.3 1.21\nresolution 7 not supported\n")
  }
}
