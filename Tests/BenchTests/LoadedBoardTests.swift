import Bench
import Testing
import Timebase

@Suite("Boards that a test loads") struct LoadedBoardTests {
  @Test("Firmware on another board answers over wires at exact times")
  func wired() throws {
    let tests = try PythonTests([
      "main.py": """
      import time
      from machine import Pin
      out = Pin('X5', Pin.OUT, value=0)
      key = Pin('X6', Pin.IN, Pin.PULL_UP)
      print('ready')
      while True:
          if not key.value():
              out(1)
              time.sleep_us(100)
              out(0)
              print('pressed')
              while not key.value(): pass
      """,
      "test_main.py": """
      import bench, time
      from machine import Pin

      def test_control():
          dut = bench.load('main.py')
          dut.line('ready', within='1s').wait()
          pulse = dut.pulse('X5', within='1s')
          dut.set('X6.pressed', True)
          assert 100 <= pulse.wait() < 130
          dut.line('pressed', within='1ms').wait()
          assert dut.output() == 'ready\\npressed\\n'
          assert dut.state() == 'running'

      def test_wire():
          dut = bench.load('main.py')
          bench.wire('X1', 'dut.X6')
          bench.wire('X2', 'dut.X5')
          key = Pin('X1', Pin.OUT, value=1)
          times = []
          Pin('X2', Pin.IN).irq(lambda p: times.append(time.ticks_us()), Pin.IRQ_RISING | Pin.IRQ_FALLING)
          dut.line('ready', within='1s').wait()
          pulse = bench.pulse('X2', within='1s')
          began = time.ticks_us()
          key(0)
          assert 100 <= pulse.wait() < 130
          bench.advance('1ms')
          assert len(times) == 2
          assert 0 < times[0] - began < 100
          assert 100 <= times[1] - times[0] < 130

      def test_two():
          one = bench.load('main.py', name='one')
          two = bench.load(source='print(1/0)', name='two')
          bench.all_of(one.line('ready'), two.line('ZeroDivisionError'), within='1s').wait()
          assert two.state().startswith('ZeroDivisionError')

      async def test_task():
          dut = bench.load('main.py')
          await dut.line('ready', within='1s')
          dut.set('X6.pressed', True)
          await dut.edge('X5', 'rising', within='1s')
          assert dut.state() == 'running'

      def test_never():
          dut = bench.load(source='print("x")')
          dut.line('y').wait()
      """,
    ])
    #expect(
      tests.outcomes == [
        .passed, .passed, .passed, .passed,
        .failed(
          "Timeout: a line of output with \"y\" of dut cannot happen: nothing happens on any board any more"),
      ])
    if tests.outcomes.prefix(4).contains(where: { $0 != .passed }) { Issue.record("\(tests.failures)") }
  }

  @Test("A board that prints without end is ended, and a test that waits for it is told")
  func flood() throws {
    let tests = try PythonTests(
      """
      def test_it():
          dut = bench.load(source="while True: print('x' * 1000)")
          dut.line('never').wait()
      """, limit: .seconds(60))
    #expect(
      tests.outcomes == [
        .failed(
          "Timeout: a line of output with \"never\" of dut cannot happen: the firmware of dut printed more than 8 MiB and was ended"
        )
      ])
  }
}
