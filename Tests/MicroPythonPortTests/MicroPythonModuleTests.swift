import MicroPythonPort
import Testing

/// What `micropython`, `gc` and the memory's limits do to firmware.
@Suite struct MicroPythonModuleTests {
  @Test("sys.modules lists what was loaded from files, not what is built in")
  func builtInModules() throws {
    let run = try FirmwareRun("import sys, math, struct\nprint(sys.modules)\nimport math, __main__")
    #expect(run.output == "{}\n", "\(run.end)")
  }

  @Test func memoryIsReachedAtTheAddressesOfBuffers() throws {
    let run = try FirmwareRun(
      """
      import machine, uctypes
      data = bytearray(8)
      start = uctypes.addressof(data)
      machine.mem32[start + 4] = 0x11223344
      machine.mem16[start] = -2
      machine.mem8[start + 2] += 5
      print(data, hex(machine.mem16[start + 6]))
      try:
          machine.mem32[0x60000000]
      except ValueError as error:
          print(error)
      """)
    #expect(
      run.output == """
        bytearray(b'\\xfe\\xff\\x05\\x00D3"\\x11') 0x1122
        nothing is emulated at address 0x60000000; see `vpyboard docs compatibility`

        """)
  }

  @Test func scheduledCallsRunAtTheNextJump() throws {
    let run = try FirmwareRun(
      """
      import micropython
      def call(x):
          print('called', x)
      micropython.schedule(call, 1)
      print('first')
      for i in range(2):
          pass
      def busy():
          micropython.schedule(call, 2)
          print('still busy')
          return 5
      print(busy())
      while i < 2:
          i += 1
      """)
    #expect(run.output == "first\ncalled 1\nstill busy\n5\ncalled 2\n")
  }

  @Test func keyboardInterruptCanBeScheduled() throws {
    let run = try FirmwareRun(
      """
      import micropython, time
      for i in range(10):
          try:
              micropython.schedule(micropython.kbd_intr, None)
              micropython.schedule(micropython.kbd_intr, None)
              time.sleep_ms(1)
              print('not reached')
          except KeyboardInterrupt:
              print('interrupted', i)
              break
      time.sleep_ms(5)
      """)
    #expect(run.output == "interrupted 0\n")
  }

  @Test func optimisationLevelsLeaveOutAssertionsAndLines() throws {
    let run = try FirmwareRun(
      """
      import micropython, sys
      code = '''
      try:
          assert __debug__, 'off'
          1 // 0
      except Exception as error:
          sys.print_exception(error)
      '''
      for level in (0, 1, 3):
          micropython.opt_level(level)
          print(micropython.opt_level())
          exec(code)
          exec('print(__debug__)')
      """)
    #expect(
      run.output == """
        0
        Traceback (most recent call last):
          File "<string>", line 4, in <module>
        ZeroDivisionError: divide by zero
        True
        1
        Traceback (most recent call last):
          File "<string>", line 4, in <module>
        ZeroDivisionError: divide by zero
        False
        3
        Traceback (most recent call last):
          File "<string>", line 1, in <module>
        ZeroDivisionError: divide by zero
        False

        """)
  }

  @Test func lockedHeapLeavesExceptionsTheEmergencyBuffer() throws {
    let run = try FirmwareRun(
      """
      import micropython, sys
      def locked(make):
          micropython.heap_lock()
          try:
              make()
          except Exception as error:
              caught = error
          micropython.heap_unlock()
          sys.print_exception(caught)
      def allocate():
          [1]
      def fail():
          raise ValueError(1)
      locked(fail)
      locked(allocate)
      micropython.alloc_emergency_exception_buf(100)
      locked(fail)
      locked(allocate)
      buffer = bytearray(2)
      total = 0
      micropython.heap_lock()
      buffer[0:1] = b'x'
      total = sum((1, 2, 3)) + max(buffer)
      try:
          buffer.extend(b'long enough')
      except MemoryError:
          total += 1
      micropython.heap_unlock()
      print(total, buffer)
      """)
    #expect(
      run.output == """
        ValueError: 
        MemoryError: 
        Traceback (most recent call last):
          File "main.py", line 5, in locked
          File "main.py", line 13, in fail
        ValueError: 1
        Traceback (most recent call last):
          File "main.py", line 5, in locked
          File "main.py", line 11, in allocate
        MemoryError: memory allocation failed, heap is locked
        127 bytearray(b'x\\x00')

        """)
  }

  @Test func builtInModulesCannotBeChanged() throws {
    let run = try FirmwareRun(
      """
      import sys, gc
      def attempt(action):
          try:
              action()
          except AttributeError as error:
              print(error)
      attempt(lambda: setattr(sys, 'x', 1))
      attempt(lambda: delattr(gc, 'collect'))
      print(gc.threshold(100), gc.threshold(), gc.collect())
      """)
    #expect(
      run.output == """
        'module' object has no attribute 'x'
        'module' object has no attribute 'collect'
        None 96 None

        """)
  }

  @Test func longBuiltInsCanBeInterrupted() throws {
    let run = try FirmwareRun(
      """
      import micropython, machine, re, time
      def stop(timer):
          micropython.schedule(micropython.kbd_intr, None)
      def attempt(action):
          timer = machine.Timer(-1, mode=machine.Timer.ONE_SHOT, period=20, callback=stop)
          try:
              action()
          except KeyboardInterrupt:
              print('interrupted')
      def slow(x):
          for i in range(100000):
              pass
          return x
      attempt(lambda: sorted(range(50), key=slow))
      attempt(lambda: [slow(i) for i in range(50)])
      """)
    #expect(run.output == "interrupted\ninterrupted\n")
  }

  @Test(
    "a stream's read makes room before it asks for data, so that it needs the heap even where there are none")
  func readsWhileTheHeapIsLocked() throws {
    let run = try FirmwareRun(
      """
      import micropython, pyb
      uart, buffer = pyb.UART(6, 9600), bytearray(4)
      def outcome(call):
          micropython.heap_lock()
          try:
              result = call()
          except MemoryError:
              result = 'memory'
          micropython.heap_unlock()
          return result
      print([outcome(call) for call in (
          lambda: uart.read(1), lambda: uart.read(), lambda: uart.readline(), lambda: uart.readinto(buffer),
          uart.any)])
      """)
    #expect(run.output == "['memory', 'memory', 'memory', None, 0]\n")
  }

  @Test(
    "attributes take memory where the board's table of them grows, built-in modules none, printing long integers some"
  )
  func memoryOfAttributesModulesAndDigits() throws {
    let run = try FirmwareRun(
      """
      import micropython
      class Reading:
          def __init__(self): self.first = 1
      def outcome(call):
          micropython.heap_lock()
          try:
              call()
              result = '-'
          except MemoryError:
              result = 'memory'
          micropython.heap_unlock()
          return result
      reading, other = Reading(), Reading()
      def second(): reading.second = 2
      def third(): reading.third = 3
      def again(): del other.first; other.new = 1; other.newer = 2
      def module(): import math
      def file():
          with open('none'): pass
      print([outcome(call) for call in (second, third, again, module, file)])
      print([outcome(lambda: print(number)) for number in (-1 << 32, (1 << 32) - 1, 1 << 30)])
      """)
    #expect(
      run.output == """
        ['-', 'memory', '-', '-', 'memory']
        4294967295
        1073741824
        ['memory', '-', '-']

        """)
  }

  @Test("what the board makes only to give it back needs memory too: text, long integers")
  func passingRequests() throws {
    let program = """
      import micropython
      from collections import deque
      text, queue, long = 'abc', deque((), 9), 1 << 80
      def test(operation):
          micropython.heap_lock()
          try:
              operation()
              result = '-'
          except MemoryError:
              result = 'memory'
          micropython.heap_unlock()
          return result
      print([test(operation) for operation in (
          lambda: 'ABC'.lower(), text.lower, lambda: 'te' + 'xt', lambda: ''.join(('abc',)),
          lambda: text.replace('a', 'a'), lambda: long - long, lambda: long & 1, lambda: long >> 70)])
      print([test(operation) for operation in (
          lambda: text + '', lambda: text.replace('z', ''), text.strip, lambda: queue.extend((1, 2)),
          lambda: long < 1, lambda: long == long)])
      """
    #expect(
      try FirmwareRun(program).output == """
        ['memory', 'memory', 'memory', 'memory', 'memory', 'memory', 'memory', 'memory']
        ['-', '-', '-', '-', '-', '-']

        """)
  }

  @Test(
    "sys.print_exception raises what the exception's __repr__ does; of an uncaught one the type is printed")
  func reprThatRaises() throws {
    let run = try FirmwareRun(
      """
      import sys
      class Odd(Exception):
          def __repr__(self): raise ValueError('no text')
      try:
          sys.print_exception(Odd())
      except ValueError as error:
          print(error)
      """)
    #expect(run.output == "no text\n")
  }
}
