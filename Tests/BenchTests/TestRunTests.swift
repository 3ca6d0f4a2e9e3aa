import Bench
import Foundation
import Testing
import Timebase

@Suite("Tests in Python") struct TestRunTests {
  @Test("Functions, coroutines and methods of unittest classes are found, each with its place")
  func collection() throws {
    let tests = try PythonTests([
      "test_kinds.py": """
      import unittest

      def test_plain(): pass
      async def test_async(): pass
      def helper(): assert False
      class Base(unittest.TestCase):
          def test_inherited(self): pass
      class TestThings(Base):
          def setUp(self): self.x = 1
          def test_x(self): self.assertEqual(self.x, 1)
          async def test_y(self): pass
      class Other:
          def test_no(self): assert False
      """,
      "other.py": "def test_no(): assert False",
      "test_bad.py": "def test_x(:",
      "test_parameters.py": "def test_x(board): pass",
    ])
    #expect(
      tests.results.map(\.test.name) == [
        "test_plain", "test_async", "Base::test_inherited", "TestThings::test_inherited",
        "TestThings::test_x",
        "TestThings::test_y",
      ])
    #expect(tests.outcomes.allSatisfy { $0 == .passed })
    #expect(tests.results[4].test.line == 10)
    #expect(tests.problems.map(\.line) == [1, 1])
    #expect(tests.problems.map(\.message)[0] == "SyntaxError: invalid syntax")
  }

  @Test("A failed assertion shows what was compared")
  func assertions() throws {
    func note(_ assertion: String) throws -> String? {
      let tests = try PythonTests("def test_it():\n    x = [1, 2]\n    \(assertion)\n")
      return tests.results[0].details.last.map { String($0.drop { $0 == " " }) }
    }
    #expect(try note("assert len(x) == 3") == "which was: assert 2 == 3")
    #expect(try note("assert x != [1, 2], 'why'") == "which was: assert [1, 2] != [1, 2]")
    #expect(try note("assert 'a' in x") == "which was: assert 'a' in [1, 2]")
    #expect(try note("assert not x") == "which was: assert not [1, 2]")
    #expect(try note("assert x and len(x) > 5") == "which was: assert 2 > 5")
    #expect(try note("assert x[0] is None") == "which was: assert 1 is None")
    #expect(try note("assert x.count(7)") == "which was: assert 0")
    #expect(try note("assert 1 < x[0] < 5") == "which was: assert False")
  }

  @Test("Where long values differ is said")
  func differences() throws {
    func notes(_ test: String) throws -> [String] {
      let tests = try PythonTests("def test_it():\n    \(test)\n")
      return tests.results[0].details.suffix(2).map { String($0.drop { $0 == " " }) }
    }
    let lists = try notes("assert list(range(300)) == list(range(299)) + [0]")
    #expect(lists[0].hasPrefix("which was: assert [0, 1, 2,") && lists[0].count < 500)
    #expect(lists[1] == "differing: item 299 is 299 and 0")
    #expect(
      try notes("assert (1,) * 100 == (1,) * 101")[1] == "differing: they have 100 and 101 items")
    #expect(
      try notes("assert 'ab' * 200 == 'ab' * 199 + 'ac'")[1]
        == "differing: from 389 on \"bababababab\" and \"bababababac\"")
    #expect(
      try notes("assert bytes(200) == bytes(199) + b'x'")[1]
        == "differing: from 189 on 00 00 00 00 00 00 00 00 00 00 00 and 00 00 00 00 00 00 00 00 00 00 78")
    // Short ones speak for themselves.
    #expect(try notes("assert [1] + [] == [2]")[1] == "which was: assert [1] == [2]")
  }

  @Test("A file that has changed since another test used it is compiled anew")
  func changedModule() throws {
    let tests = try PythonTests(
      [
        "test_it.py": """
        def write(value):
            with open('written.py', 'w') as file: file.write('value = %d' % value)

        def test_a():
            write(1)
            import written
            assert written.value == 1

        def test_b():
            write(2)
            import written
            assert written.value == 2
        """
      ], repeats: 2, jobs: 1)
    #expect(tests.failures.isEmpty)
  }

  @Test("Times of events count microseconds for hours")
  func preciseTimes() throws {
    let tests = try PythonTests(
      """
      from machine import Pin
      import time

      def test_it():
          pin = Pin('X1', Pin.OUT, value=0)
          bench.advance('1000.0000005s')
          first = bench.edge('X1', 'rising')
          second = bench.edge('X1', 'falling')
          pin(1)
          time.sleep_us(100)
          pin(0)
          assert 100 <= second.wait() - first.wait() < 110
          assert type(bench.now()) is int
      """, limit: .seconds(2000))
    #expect(tests.failures.isEmpty)
  }

  @Test("An assertion that fails in a callback, a task or a thread fails the test")
  func callbacks() throws {
    let tests = try PythonTests(
      """
      import asyncio, micropython, pyb, time, _thread
      from machine import Pin

      def check(value):
          assert value == 1

      def test_hard():
          Pin('X1', Pin.IN).irq(lambda pin: check(2), hard=True)
          bench.set('X1.level', 1)
          bench.advance('1ms')

      def test_soft():
          micropython.schedule(check, 3)

      def test_thread():
          _thread.start_new_thread(check, (4,))
          time.sleep_ms(10)

      async def test_task():
          async def work(): check(5)
          asyncio.create_task(work())
          await asyncio.sleep_ms(10)

      async def test_caught():
          async def work(): check(6)
          try:
              await asyncio.create_task(work())
          except AssertionError:
              pass
      """)
    for (outcome, value) in zip(tests.outcomes, 2...5) {
      #expect(outcome == .failed("AssertionError in a callback, a task or a thread"))
      #expect(
        tests.results[value - 2].details.last.map { String($0.drop { $0 == " " }) }
          == "which was: assert \(value) == 1")
    }
    #expect(tests.outcomes[4] == .passed)
  }

  @Test("A __repr__ that raises does not take an assertion's place")
  func raisingRepresentation() throws {
    let tests = try PythonTests(
      """
      class A:
          def __repr__(self): raise ValueError
          def __eq__(self, other): return False
      def test_caught():
          try:
              assert A() == 1
          except AssertionError:
              pass
      def test_message(): assert A() == 1, 'why'

      """)
    #expect(tests.outcomes[0] == .passed)
    #expect(tests.outcomes[1] == .failed("AssertionError: why"))
  }

  @Test("Asserting keeps its meaning: messages, short circuits, awaits, values evaluated once")
  func assertionSemantics() throws {
    let tests = try PythonTests(
      """
      import asyncio

      def test_message():
          made = []
          assert True, made.append(1)
          assert made == []
          try:
              assert 1 == 2, 'text'
          except AssertionError as error:
              assert error.args == ('text',)
          try:
              assert 1 == 2
          except AssertionError as error:
              assert error.args == ()

      def test_once():
          calls = []
          def f(x):
              calls.append(x)
              return x
          assert f(1) and f(2) == 2 and not f(0)
          assert calls == [1, 2, 0]
          assert f(3) or f(4)
          assert calls == [1, 2, 0, 3]

      async def test_await():
          async def g(x):
              await asyncio.sleep_ms(1)
              return x
          assert await g(3) == 3
      """)
    #expect(tests.failures.isEmpty)
  }

  @Test("Tests that hang, leave, reset, flood or break end as they should, with what they printed")
  func ends() throws {
    let tests = try PythonTests(
      """
      import machine, sys

      def test_hangs():
          print('before')
          while True: pass

      def test_leaves():
          sys.exit(0)

      def test_resets():
          machine.reset()

      def test_breaks():
          print('before')
          [][1]

      def test_floods():
          text = 'x' * 1000
          while True: print(text)

      def test_recurses():
          test_recurses()

      def test_eats_memory():
          x = []
          while True: x.append(bytearray(1000))

      def test_skips():
          bench.skip('no reason')

      def test_skips_as_micropython():
          print('SKIP')
          raise SystemExit
      """, limit: .seconds(60))
    let outcomes = tests.outcomes
    if case .failed(let text) = outcomes[0] {
      #expect(text.hasPrefix("the test had not ended after 60 s of board time, and was at test_it.py:"))
    } else {
      Issue.record("\(outcomes[0])")
    }
    #expect(tests.results[0].output == Array("before\n".utf8))
    #expect(outcomes[1] == .error("the test left by sys.exit"))
    #expect(outcomes[2] == .error("the board was reset before the test came to its end"))
    #expect(outcomes[3] == .error("IndexError: list index out of range"))
    #expect(tests.results[3].output == Array("before\n".utf8))
    #expect(outcomes[4] == .failed("the test printed more than 8 MiB and was ended"))
    #expect(tests.results[4].output.count > 8_000_000)
    #expect(outcomes[5] == .error("RuntimeError: maximum recursion depth exceeded"))
    if case .error(let text) = outcomes[6] {
      #expect(text.hasPrefix("MemoryError"))
    } else {
      Issue.record("\(outcomes[6])")
    }
    #expect(outcomes[7] == .skipped("no reason"))
    #expect(outcomes[8] == .skipped("the test says SKIP"))
  }

  @Test("A test that can never go on says what it waits for")
  func waitsForEver() throws {
    let tests = try PythonTests(
      """
      import asyncio, machine, pyb, _thread

      async def test_event():
          await asyncio.Event().wait()

      def test_sleep():
          machine.lightsleep()

      def test_stop():
          pyb.stop()

      def test_deep():
          machine.deepsleep()

      def test_bootloader():
          machine.bootloader()

      async def test_trigger():
          await bench.edge('X1', 'rising')
      """)
    let asleep = TestResult.Outcome.failed(
      "nothing can happen any more: the board sleeps, and no alarm, timer or pin is left that could wake it")
    guard case .failed(let event) = tests.outcomes[0] else {
      Issue.record("\(tests.outcomes)")
      return
    }
    #expect(
      event.hasPrefix(
        "nothing can happen any more: test_event waits at test_it.py:5 for asyncio.Event().wait(), and no task"
      ))
    #expect(tests.outcomes[1...2].allSatisfy { $0 == asleep }, "\(tests.outcomes)")
    #expect(
      tests.outcomes[3]
        == .error(
          "the test sent its own board into deep sleep, which ends with a reset; firmware that does so is tested from another "
            + "board, with bench.load"))
    #expect(
      tests.outcomes[4] == .error("the test sent the board to its bootloader, where it runs no firmware"))
    guard case .failed(let trigger) = tests.outcomes[5] else {
      Issue.record("\(tests.outcomes)")
      return
    }
    #expect(
      trigger.hasPrefix("nothing can happen any more: the test waits for a rising edge on X1"), "\(trigger)")
  }

  @Test("A generator is no test, and a coroutine that nobody awaits has tested nothing")
  func generators() throws {
    let tests = try PythonTests(
      """
      import unittest

      def test_generator():
          yield 1
          assert False

      async def work():
          assert False

      def test_forgotten_await():
          return work()

      class TestIt(unittest.TestCase):
          def test_generator(self):
              yield 1
          async def test_good(self):
              pass
      """)
    for outcome in tests.outcomes[...2] {
      guard case .error(let text) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(text.hasPrefix("TypeError: the test is a generator or gave a coroutine"))
    }
    #expect(tests.outcomes[3] == .passed)
  }

  @Test("A failed test shows the last waveforms of its pins and what the emulator found")
  func evidence() throws {
    let tests = try PythonTests(
      """
      import asyncio, gc
      from machine import Pin

      async def other(): pass

      async def test_it():
          other()
          gc.collect()
          pin = Pin('X3', Pin.OUT, value=0)
          for _ in range(3):
              pin(1)
              await asyncio.sleep_ms(1)
              pin(0)
              await asyncio.sleep_ms(1)
          assert False
      """)
    let result = try #require(tests.results.first)
    #expect(result.waveforms.hasPrefix("X3  "))
    #expect(result.waveforms.contains("(6 edges)"))
    #expect(result.findings.contains { $0.contains("never-awaited") })
  }

  @Test("The same tests give the same results, however many run at a time")
  func sameResults() throws {
    let files = [
      "test_same.py": """
      import bench, random, time

      def test_a():
          print(random.getrandbits(30), bench.seed, time.ticks_us())
      def test_b():
          dut = bench.load(source="import time\\nwhile True:\\n    print(time.ticks_us())\\n    time.sleep_ms(3)\\n")
          dut.line(within='1s').wait()
          bench.advance('20ms')
          print(dut.output(), bench.now())
      """
    ]
    let parallel = try PythonTests(files, repeats: 20, jobs: 4, seed: 3)
    #expect(parallel.failures.isEmpty)
    #expect(Set(parallel.results.map(\.output)).count == 2)
    #expect(
      try PythonTests(files, jobs: 1, seed: 3).results.map(\.output)
        == parallel.results.prefix(2).map(\.output))
    #expect(try PythonTests(files, seed: 4).results[0].output != parallel.results[0].output)
  }

  @Test("unittest: what is set up is torn down, skipping and expected failures count")
  func unittest() throws {
    let tests = try PythonTests(
      """
      import unittest

      class TestIt(unittest.TestCase):
          @classmethod
          def setUpClass(cls): print('class')
          @classmethod
          def tearDownClass(cls): print('end')
          def setUp(self):
              print('up')
              self.addCleanup(print, 'clean')
          def tearDown(self): print('down')
          def test_raises(self):
              with self.assertRaises(ValueError):
                  int('x')
              self.assertRaises(KeyError, lambda: {}['x'])
              with self.assertRaises(ValueError) as caught:
                  raise ValueError(7)
              self.assertEqual(caught.exception.args, (7,))
          def test_fails(self):
              self.assertEqual(1, 2, 'text')
          def test_sub(self):
              for n in range(3):
                  with self.subTest(n=n):
                      self.assertNotEqual(n, 1)
          @unittest.skip('not now')
          def test_skipped(self): pass
          @unittest.expectedFailure
          def test_expected(self): self.assertIn(1, [])
          @unittest.expectedFailure
          def test_unexpected(self): pass
          def test_almost(self):
              self.assertAlmostEqual(1.0, 1.0000001, places=5)
              self.assertAlmostEqual(10, 12, delta=2)
              self.assertIsInstance(1, int)
      """)
    #expect(
      tests.outcomes == [
        .passed, .failed("AssertionError: 1 != 2 : text"), .failed("AssertionError: (n=1) 1 == 1"),
        .skipped("not now"), .passed, .failed("AssertionError: it was expected to fail, and did not"),
        .passed,
      ])
    #expect(String(decoding: tests.results[1].output, as: UTF8.self) == "class\nup\ndown\nclean\nend\n")
  }

  @Test("Goldens are compared, and written when asked")
  func goldens() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    func run(_ text: String, updates: Bool = false) throws -> TestResult.Outcome {
      let source = "import bench\ndef test_it():\n    bench.golden('out.txt', '\(text)')\n"
      return try PythonTests(["test_it.py": source], updatesGoldens: updates, in: folder).outcomes[0]
    }
    #expect(
      try run("a")
        == .failed("AssertionError: golden/out.txt is not there; run with --update-goldens to make it"))
    #expect(try run("a\\nb", updates: true) == .passed)
    #expect(try run("a\\nb") == .passed)
    #expect(
      try run("a\\nc")
        == .failed(
          "AssertionError: golden/out.txt differs in line 2: it has \"b\", the test \"c\" (--update-goldens takes the test's)"
        ))
  }
}
