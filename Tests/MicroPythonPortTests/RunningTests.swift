import MicroPythonPort
import Testing

@Suite struct RunningTests {
  @Test func powerOffCannotBeCaught() throws {
    let run = try FirmwareRun(
      """
      import time
      while True:
          try:
              while True:
                  pass
          except BaseException:
              print("caught")
          finally:
              print("finally")
      """, powerOff: 200)
    #expect(run.output == "")
    #expect(run.end == .finished)
    #expect(run.duration == 200)
  }

  @Test(arguments: [
    ("sys.exit()", 0), ("sys.exit(3)", 3), ("raise SystemExit(256 + 7)", 7), ("sys.exit('text')", 1),
  ])
  func exitStatus(_ code: String, _ status: Int32) throws {
    #expect(try FirmwareRun("import sys\n\(code)").end == .exited(status))
  }

  @Test func importsComeFromTheFolderOfTheProgramAndFilesStayInIt() throws {
    let run = try FirmwareRun(
      """
      import sys, os, helper, pack.part
      print(helper.name, pack.part.value, sys.argv[1:], os.getcwd())
      with open("/flash/log.txt", "w") as f:
          print(f.write("line 1\\nline 2\\n"))
      with open("../../log.txt") as f:
          print([line for line in f])
      print(os.listdir("/"), sorted(os.listdir("/flash")), os.stat("log.txt")[6])
      os.remove("log.txt")
      try:
          open("log.txt")
      except OSError as error:
          print(error)
      try:
          import missing
      except ImportError as error:
          print(error)
      """, files: ["helper.py": "name = __name__", "pack/part.py": "value = 42"], arguments: ["x"])
    #expect(
      run.output == """
        helper 42 ['x'] /flash
        14
        ['line 1\\n', 'line 2\\n']
        ['flash'] ['helper.py', 'log.txt', 'main.py', 'pack'] 14
        [Errno 2] ENOENT
        no module named 'missing'

        """)
  }

  @Test func timeIsBoardTime() throws {
    let run = try FirmwareRun(
      """
      import time
      start = time.ticks_ms()
      time.sleep(86400)
      time.sleep_ms(250)
      print(time.ticks_diff(time.ticks_ms(), start))
      print(time.localtime()[:6], time.mktime((2024, 2, 30, 0, 0, 0, 0, 0)))
      print(time.ticks_diff(time.ticks_add(5, -10), 5), time.ticks_diff(0, 2 ** 30 - 1))
      """)
    #expect(run.output == "86400250\n(2015, 1, 2, 0, 0, 0) 762566400\n-10 1\n")
  }

  @Test func pollWaitsForStreamsAndTimeouts() throws {
    let run = try FirmwareRun(
      """
      import select, micropython, time
      ring = micropython.RingIO(8)
      poller = select.poll()
      poller.register(ring, select.POLLIN)
      start = time.ticks_ms()
      print(poller.poll(30), time.ticks_diff(time.ticks_ms(), start) >= 30)
      micropython.schedule(ring.write, b"abc")
      print([events for _, events in poller.ipoll(100)], ring.any(), ring.read(8))
      """)
    #expect(run.output == "[] True\n[1] 3 b'abc'\n")
  }

  @Test func sortsWhoseKeysMakeObjectsOutliveTheHeap() throws {
    // With a collection at every allocation there is never much to outlive.
    let (count, wanted) = CollectionMode.collectsAlways ? (40, 10_000) : (300, 1_000_000)
    let run = try FirmwareRun(
      """
      made = [0]
      def key(text):
          made[0] += 1
          return [int(text), [text]]
      print(sorted([str(n) for n in range(\(count))], key=key)[-1], made[0] * 64 > \(wanted))
      """)
    #expect(run.output == "\(count - 1) True\n")
  }
}
