import Testing

/// `machine.CAN` (extmod/machine_can.c).
@Suite("machine.CAN") struct MachineCANTests {
  @Test("messages pass through mailboxes and filters into the loop")
  func loopback() throws {
    let run = try FirmwareRun(
      """
      import time
      from machine import CAN
      can = CAN(1, 500_000, mode=CAN.MODE_LOOPBACK)
      print(can, can.state(), can.get_timings())
      can.set_filters([(0x300, 0x700, 0), (0x50700, 0x1fffffff, CAN.FLAG_EXT_ID)])
      print(can.send(0x301, b'abc'), can.send(0x301, b'again'), can.send(0x123, b'no'), can.send(0x50700, b'ext', CAN.FLAG_EXT_ID))
      print(can.send(0x7ff, b''), can.get_counters()[5])
      time.sleep_ms(2)
      print(can.recv(), can.send(0x3ff, bytes(8), CAN.FLAG_RTR))
      can_id, data, flags, errors = can.recv()
      print(hex(can_id), bytes(data), flags, errors)
      time.sleep_ms(2)
      reused = [0, memoryview(bytearray(8)), 0, 0]
      print(can.recv(reused) is reused, reused[0], bytes(reused[1]), reused[2], can.recv())
      can.set_filters(None)
      for i in range(5):
          can.send(i, b'x')
          time.sleep_ms(1)
      print([can.recv()[3] for i in range(3)], can.recv(), can.get_counters())
      for wrong in (lambda: CAN(3, 500_000), lambda: CAN(1, 500_000, mode=9), lambda: CAN(1, 500_000, sjw=5),
                    lambda: CAN(1, 500_000, tseg1=3), lambda: can.send(0x800, b''), lambda: can.send(1, bytes(9)),
                    lambda: can.set_filters([(1, 2)]), lambda: can.cancel_send(3), lambda: can.irq(None, 16)):
          try: wrong()
          except Exception as error: print(repr(error))
      can.deinit()
      try: can.send(1, b'')
      except OSError as error: print(error, can.state())
      """)
    #expect(
      run.output == """
        CAN(1, bitrate=500000, mode=CAN.MODE_LOOPBACK, sjw=1, tseg1=8, tseg2=3, f_clock=42000000) 1 [500000, 1, 8, 3, None, None]
        0 None 1 2
        None 3
        [769, <memoryview>, 0, 0] 0
        0x50700 b'ext' 2 0
        True 1023 b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00' 1 None
        [3, 0, 0] None [0, 0, 0, 0, 0, 0, 0, 2]
        ValueError("CAN(3) doesn't exist",)
        ValueError('mode',)
        ValueError('sjw',)
        ValueError('tseg2',)
        ValueError('invalid id',)
        OverflowError('data too long',)
        ValueError('filter items must have length 3',)
        IndexError()
        ValueError('trigger 0x00000010 unsupported',)
        [Errno 22] EINVAL 0

        """)
  }

  @Test("handlers hear of messages, of what was sent, and of states")
  func interrupts() throws {
    let run = try FirmwareRun(
      """
      import time
      from machine import CAN
      log = []
      def handler(can):
          log.append(can.irq().flags())
      can = CAN(1, 500_000, mode=CAN.MODE_LOOPBACK)
      can.set_filters(None)
      can.irq(handler, CAN.IRQ_RX | CAN.IRQ_TX)
      can.send(5, b'five')
      time.sleep_ms(2)
      print(can.irq().trigger(), len(log), log[0] & 3, can.recv()[0])
      can.init(500_000)
      log.clear()
      can.irq(handler, CAN.IRQ_STATE | CAN.IRQ_TX)
      can.send(5, b'nobody')
      time.sleep_ms(20)
      print(log, can.state() == CAN.STATE_PASSIVE, can.get_counters())
      print(can.cancel_send(0), can.cancel_send(0))
      time.sleep_ms(1)
      print(log[2:] == [CAN.IRQ_TX | CAN.IRQ_TX_FAILED])
      can.restart()
      print(can.state() == CAN.STATE_ACTIVE, can.get_counters()[:3])
      """)
    #expect(
      run.output == """
        3 2 3 5
        [8, 8] True [128, 0, 1, 1, 0, 1, 0, 0]
        True False
        True
        True [0, 0, 0]

        """)
  }
}
