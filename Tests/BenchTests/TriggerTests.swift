import Bench
import Testing
import Timebase

@Suite("Triggers of tests in Python") struct TriggerTests {
  @Test("Edges, levels, pulses, bytes, values, lines and times can be waited for")
  func kinds() throws {
    let tests = try PythonTests(
      """
      import time, pyb
      from machine import Pin, Timer

      def test_edge():
          pin = Pin('X1', Pin.OUT, value=0)
          Timer(-1).init(period=3, mode=Timer.ONE_SHOT, callback=lambda t: pin(1))
          at = bench.edge('X1', 'rising', within='10ms').wait()
          assert 0 <= bench.now() - at < 2
          assert bench.get('X1') == 1

      def test_level_that_is_there():
          Pin('X1', Pin.OUT, value=1)
          before = bench.now()
          bench.level('X1', 1).wait()
          assert bench.now() - before < 10

      def test_pulse_of_the_past():
          pin = Pin('X1', Pin.OUT, value=0)
          pulse = bench.pulse('X1')
          pin(1); time.sleep_us(200); pin(0)
          time.sleep_ms(1)
          assert pulse.done()
          assert 200 <= pulse.wait() < 230

      def test_bytes():
          uart = pyb.UART(4, 9600)
          sent = bench.bytes('uart4.tx', b'cd', within='20ms')
          uart.write(b'abcde')
          sent.wait()

      def test_value():
          bright = bench.until('led2.brightness', 255)
          pyb.LED(2).on()
          bright.wait()

      def test_line():
          line = bench.line('two')
          print('one'); print('a two b')
          assert line.wait() == 'a two b'

      def test_quiet():
          pin = Pin('X1', Pin.OUT)
          timer = Timer(-1)
          count = 0
          def turn(t):
              nonlocal count
              pin(not pin()); count += 1
              if count == 5: timer.deinit()
          timer.init(period=2, callback=turn)
          began = bench.now()
          quiet = bench.quiescence('5ms', within='1s').wait() - began
          assert abs(quiet - 15_000) < 500

      def test_first():
          pin = Pin('X1', Pin.OUT, value=0)
          Timer(-1).init(period=3, mode=Timer.ONE_SHOT, callback=lambda t: pin(1))
          assert bench.first_of(bench.edge('X2'), bench.edge('X1'), within='1s').wait()[0] == 1

      def test_all():
          assert bench.all_of(bench.time('2ms'), bench.time(0.001)).wait() == (bench.now(), bench.now() - 1000)
      """)
    #expect(tests.failures.isEmpty)
    #expect(tests.results.count == 9)
  }

  @Test("A trigger that does not happen in time says so, and one that cannot happen at once")
  func misses() throws {
    let tests = try PythonTests(
      """
      def test_late():
          try:
              bench.edge('X1', 'rising', within='5ms').wait()
          except bench.Timeout as error:
              assert str(error) == 'a rising edge on X1 did not happen within 5 ms'
          else:
              assert False
          bench.edge('X1', within=0.5).wait()

      def test_never():
          bench.edge('X1').wait()

      def test_forgotten():
          bench.edge('X1')

      def test_cancelled():
          bench.edge('X1').cancel()
      """)
    #expect(
      tests.outcomes == [
        .failed("Timeout: an edge on X1 did not happen within 500 ms"),
        .failed("Timeout: an edge on X1 cannot happen: nothing happens on the board any more"),
        .failed("test_it.py:15: the test made a trigger for an edge on X1 and never waited for it"),
        .passed,
      ])
  }

  @Test("Tasks await triggers while other tasks run, and go on at the instant that it happens")
  func tasks() throws {
    let tests = try PythonTests(
      """
      import asyncio
      from machine import Pin

      async def test_edge():
          pin = Pin('X1', Pin.OUT, value=0)
          async def later():
              await asyncio.sleep_ms(7)
              pin(1)
              await asyncio.sleep_ms(20)
          task = asyncio.create_task(later())
          at = await bench.edge('X1', 'rising', within='1s')
          assert bench.now() - at < 500
          assert (await bench.first_of(bench.time('3ms'), bench.edge('X1')))[0] == 0
          await task

      async def test_cancelled_task():
          async def waits():
              await bench.edge('X1')
          task = asyncio.create_task(waits())
          await asyncio.sleep_ms(1)
          task.cancel()
          bench.set('X1.level', 1)
          await asyncio.sleep_ms(1)
          assert task.done()

      async def test_wait_for():
          try:
              await asyncio.wait_for_ms(later(), 5)
          except asyncio.TimeoutError:
              return
          assert False

      async def later():
          await bench.edge('X1')
      """)
    #expect(tests.failures.isEmpty)
  }

  @Test("What the bench is asked takes neither board time nor board memory")
  func costs() throws {
    let tests = try PythonTests(
      """
      import gc

      def test_time():
          before = bench.now()
          after = bench.now()
          assert before == after
          before = bench.now()
          bench.set('X1.level', 1)
          bench.record('X1')
          after = bench.now()
          assert before == after

      def test_memory():
          name = 'X1'
          gc.collect()
          before = gc.mem_free()
          after = gc.mem_free()
          step = before - after
          before = gc.mem_free()
          trigger = bench.time(1)
          text = bench.output()
          after = gc.mem_free()
          assert before - after == step
          trigger.cancel()
      """)
    #expect(tests.failures.isEmpty)
  }

  @Test("A recording knows frequency, duty and the longest times")
  func recording() throws {
    let tests = try PythonTests(
      """
      import time
      from machine import Pin

      def test_pwm():
          pin = Pin('X1', Pin.OUT, value=0)
          wave = bench.record('X1')
          for _ in range(50):
              pin(1); time.sleep_us(3700)
              pin(0); time.sleep_us(6300)
          assert abs(wave.frequency() - 100) < 1
          assert abs(wave.duty() - 37) < 0.2
          assert abs(wave.longest(1) - 3700) < 30
          assert len(wave.edges()) == 100
          assert wave.changes()[0][1] == 1
          wave.clear()
          assert wave.edges() == []
      """)
    #expect(tests.failures.isEmpty)
  }
}
