import MicroPythonPort
import Testing

@Suite struct CANTests {
  @Test("A controller in loopback hears what its filters let through, with the filter's number")
  func loopback() throws {
    let run = try FirmwareRun(
      """
      from pyb import CAN
      can = CAN(1, CAN.LOOPBACK)
      can.setfilter(0, CAN.LIST16, 0, (123, 124, 125, 126))
      can.setfilter(1, CAN.MASK32, 1, (0x800, 0x1c00))
      can.send('message!', 124, timeout=100)
      can.send('unheard', 99, timeout=100)
      can.send(b'far', 0x0a00, timeout=100, extframe=True)
      print(can, can.any(0), can.any(1), can.info())
      print(can.recv(0), can.recv(1))
      try:
          can.recv(0, timeout=20)
      except OSError as e:
          print(e)
      can.deinit()
      print(can, can.state() == CAN.STOPPED)
      try:
          CAN(1, 77)
      except ValueError as e:
          print(e)
      """)
    #expect(
      run.output == """
        CAN(1, CAN.LOOPBACK, auto_restart=False) True True [0, 0, 0, 0, 0, 0, 1, 1]
        [124, False, False, 1, b'message!'] [2560, True, False, 0, b'far']
        [Errno 110] ETIMEDOUT
        CAN(1) True
        CAN(1) init failure

        """)
  }

  @Test("A message that nobody acknowledges is sent until the time is over, and makes the node passive")
  func noAcknowledgement() throws {
    let run = try FirmwareRun(
      """
      from pyb import CAN
      can = CAN(2, CAN.NORMAL, baudrate=500_000, sample_point=75)
      try:
          can.send('1', 1, timeout=50)
      except OSError as e:
          print(e, can.state() == CAN.ERROR_PASSIVE, can.info()[:6])
      """)
    #expect(run.output == "[Errno 110] ETIMEDOUT True [128, 0, 1, 1, 0, 0]\n")
  }

  @Test("The callback of a FIFO is told of a message, of a full FIFO and of a lost message")
  func callbacks() throws {
    let run = try FirmwareRun(
      """
      from pyb import CAN
      can = CAN(1, CAN.LOOPBACK)
      can.setfilter(0, CAN.LIST16, 0, (1, 2, 3, 4))
      can.rxcallback(0, lambda bus, reason: print(bus is can, reason))
      for number in (1, 2, 3, 4):
          can.send(str(number), number, timeout=100)
      print([can.recv(0)[0] for _ in range(3)])
      """)
    #expect(run.output == "True 0\nTrue 1\nTrue 2\n[1, 2, 4]\n")
  }
}
