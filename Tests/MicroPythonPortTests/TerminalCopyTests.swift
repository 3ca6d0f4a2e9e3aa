import Machine
import MicroPythonPort
import Testing

/// The terminal on other streams: `os.dupterm` and `pyb.repl_uart`.
@Suite struct TerminalCopyTests {
  @Test("what is printed goes to a UART too, and what arrives there is typed")
  func uart() throws {
    let run = try FirmwareRun(
      """
      import os, pyb
      uart = pyb.UART(4, 115200)
      other = pyb.UART(6, 115200)
      print(os.dupterm(uart))
      print('both')
      print(other.read())
      print(os.dupterm(None) is uart)
      print('one')
      print(other.read())
      pyb.repl_uart(uart)
      print(pyb.repl_uart() is uart, input('? '))
      pyb.repl_uart(None)
      print(pyb.repl_uart())
      for wrong in (lambda: os.dupterm(uart, 3), lambda: os.dupterm(5), lambda: pyb.repl_uart(3)):
          try:
              wrong()
          except (ValueError, OSError) as error:
              print(error)
      """, wires: ["X1-Y2"], stimuli: [try Stimulus(parsing: "1s:uart4.rx=typed\\r")])
    #expect(
      run.output == """
        None
        both
        b'None\\r\\nboth\\r\\n'
        True
        one
        b"b'None\\\\r\\\\nboth\\\\r\\\\n'\\r\\n"
        ? True typed
        None
        invalid dupterm index
        stream operation not supported
        need a UART object

        """)
  }

  @Test("the terminal at the USB socket can be taken off")
  func usb() throws {
    let run = try FirmwareRun(
      """
      import os
      usb = os.dupterm(None, 1)
      print('nobody')
      print(os.dupterm(usb, 1))
      print(usb)
      """)
    #expect(run.output == "None\nUSB_VCP(0)\n")
  }

  @Test("Ctrl-C on the UART interrupts the program")
  func interrupt() throws {
    let run = try FirmwareRun(
      """
      import os, pyb
      os.dupterm(pyb.UART(4, 9600))
      try:
          while True:
              pass
      except KeyboardInterrupt:
          print('interrupted')
      """, stimuli: [try Stimulus(parsing: "1s:uart4.rx=\\x03")])
    #expect(run.output == "interrupted\n")
  }

  @Test("a stream of the firmware's own that fails is taken off, and told")
  func failing() throws {
    let run = try FirmwareRun(
      """
      import io, os
      class Screen(io.IOBase):
          def __init__(self):
              self.text = b''
          def readinto(self, buffer):
              return None
          def write(self, data):
              if b'bad' in data:
                  raise ValueError('no')
              self.text += bytes(data)
              return len(data)
          def ioctl(self, request, argument):
              return 0
      screen = Screen()
      os.dupterm(screen)
      print('good')
      print('bad')
      print('gone')
      print(screen.text, os.dupterm(None))
      """)
    #expect(run.output.contains("dupterm: Exception in write() method, deactivating: "))
    #expect(run.output.contains("ValueError: no"))
    #expect(run.output.hasSuffix("gone\nb'good\\r\\n' None\n"))
  }
}
