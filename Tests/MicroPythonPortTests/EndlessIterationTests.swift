import MicroPythonPort
import Testing

/// Built-ins that go through an iterator of the firmware's own, which never ends.
@Suite struct EndlessIterationTests {
  static let classes = """
    from array import array
    from collections import deque, OrderedDict
    import json, select, time, micropython
    class A:
        def __iter__(self): return self
        def __next__(self): return 1
    class Z(A):
        def __next__(self): return 0
    class P(A):
        def __next__(self): return 1, 2
    class T(A):
        def __next__(self): return ''
    class G:
        def __getitem__(self, i): return 1

    """

  static let walks = [
    "all(A())", "any(Z())", "sum(A())", "max(A())", "min(A(), key=lambda x: x)", "list(A())", "tuple(A())",
    "set(Z())", "frozenset(Z())", "dict(P())", "sorted(A())", "bytes(Z())", "bytearray(Z())",
    "array('i', A())",
    "bytearray().extend(A())", "array('i').extend(A())", "[].extend(A())", "5 in A()", "5 not in A()",
    "5 in G()",
    "next(filter(None, Z()))", "all(map(lambda x: x, A()))", "all(zip(A(), A()))", "all(enumerate(A(), 1))",
    "all(reversed(range(1, (1 << 31) - 1)))", "dict.fromkeys(Z())", "OrderedDict.fromkeys(Z())",
    "{1}.union(Z())",
    "{1}.update(Z())", "{1}.intersection(Z())", "{1}.difference_update(Z())", "{1}.symmetric_difference(A())",
    "{2}.isdisjoint(Z())", "{1}.issubset(Z())", "{1}.issuperset(Z())", "''.join(T())", "deque(A(), 3)",
    "deque((), 3).extend(A())", "print(*A())", "x, *y = A()", "{}.update(P())",
    "json.dumps(1, separators=A())",
    "sum(map(len, map(str, A())))", "sum(i for i in A())",
    "micropython.schedule(lambda x: sum(A()), 0)\nwhile True: pass",
    "micropython.heap_lock()\nwhile True: pass",
  ]

  /// How long a walk goes on, in milliseconds; less with a collection at each of its steps.
  static let walkTime: Int64 = CollectionMode.collectsAlways ? 4 : 100

  @Test("The end of the power ends every walk through an endless iterator", arguments: walks)
  func powerEnds(_ walk: String) throws {
    let end = 2 * Self.walkTime
    let run = try FirmwareRun(Self.classes + walk + "\nimport time\ntime.sleep(100)", powerOff: end)
    // What has no room in the board's memory ends earlier.
    if case .failed(let traceback) = run.end {
      #expect(traceback.contains("MemoryError"))
    } else {
      #expect(run.end == .finished && (end...end + 10).contains(run.duration))
    }
    #expect(!run.output.contains("SystemExit"))
  }

  @Test("One Ctrl-C ends every walk through an endless iterator", arguments: walks)
  func interruptEnds(_ walk: String) throws {
    let run = try FirmwareRun(
      Self.classes + walk + "\nimport time\ntime.sleep(100)", powerOff: 4 * Self.walkTime,
      interruption: Self.walkTime)
    guard case .failed(let traceback) = run.end else {
      Issue.record("\(walk) ended with \(run.end)")
      return
    }
    #expect(traceback.contains("KeyboardInterrupt") || traceback.contains("MemoryError"))
    #expect(run.duration < 3 * Self.walkTime)
  }

  @Test("Garbage is collected while a built-in goes through its iterators")
  func garbageIsCollected() throws {
    // Far more strings than the board has memory for, unless there is a collection at each of them.
    let count = CollectionMode.collectsAlways ? 1000 : 50000
    let run = try FirmwareRun(
      """
      print(sum(map(len, map(str, range(100000, \(100_000 + count))))))
      print(len(sorted(range(\(count / 100)), key=lambda x: (x * 0.5, str(x)))))
      print(max(range(\(count / 10)), key=lambda x: [x] * 20))
      """)
    #expect(run.output == "\(6 * count)\n\(count / 100)\n\(count / 10 - 1)\n")
  }

  @Test(
    "What contains one list many times is printed, compared and hashed for as long as the board has power")
  func nestedContainers() throws {
    for operation in ["repr(a)", "a == b", "hash(t)", "json.dumps(a)"] {
      let run = try FirmwareRun(
        """
        import json
        a, b, t = [1], [1], (1,)
        for i in range(40):
            a, b, t = [a, a], [b, b], (t, t)
        \(operation)
        """, powerOff: 100)
      if case .failed(let traceback) = run.end {
        #expect(traceback.contains("MemoryError"), "\(operation): \(traceback)")
      } else {
        #expect(run.end == .finished, "\(operation)")
      }
    }
  }

  @Test("Searching takes time by the length of the text, however much of the needle stands everywhere")
  func searching() throws {
    let run = try FirmwareRun(
      """
      text = 'a' * 2000000
      needle = 'a' * 1000000 + 'b'
      print(text.find(needle), text.rfind('b' + 'a' * 1000000), (text + 'b').find(needle), ('b' + text).rfind('b' + 'a' * 1000000))
      print(text.count(needle), len(text.split(needle)), needle in text)
      """, board: "raspberry-pi")
    #expect(run.output == "-1 -1 1000000 0\n0 1 False\n")
  }
}
