import Machine
import MicroPythonPort
import Testing

/// Where `import` finds the packages that the firmware brings along.
@Suite struct FrozenPackageTests {
  @Test func everyModuleOfThemCanBeImported() throws {
    let run = try FirmwareRun(
      """
      import primitives, threadsafe
      for name in ("aadc AADC", "barrier Barrier", "broker Broker", "broker Agent", "broker RegExp", "condition Condition",
              "delay_ms Delay_ms", "encoder Encoder", "events WaitAny", "events WaitAll", "events ELO", "events ESwitch",
              "events EButton", "pushbutton Pushbutton", "queue Queue", "ringbuf_queue RingbufQueue",
              "semaphore Semaphore", "semaphore BoundedSemaphore", "switch Switch", "sw_array Keyboard",
              "sw_array SwArray"):
          module, name = name.split()
          found = getattr(__import__("primitives." + module, None, None, (name,)), name)
          if found is not getattr(primitives, name):
              print(name)
      for module, name in (("context", "Context"), ("message", "Message"), ("threadsafe_event", "ThreadSafeEvent"),
              ("threadsafe_queue", "ThreadSafeQueue")):
          try:
              found = getattr(__import__("threadsafe." + module, None, None, (name,)), name)
              if found is not getattr(threadsafe, name):
                  print(name)
          except ImportError as error:
              print(error)
      for package in (primitives, threadsafe):
          try:
              package.RP2Touch
          except AttributeError as error:
              print(error)
      """)
    let missingThread = run.output.hasPrefix("no module named '_thread'\n")
    #expect(run.output == (missingThread ? "no module named '_thread'\n" : "") + "RP2Touch\nRP2Touch\n")
  }

  @Test func theSharedBrokerIsTheInstanceHoweverItIsImported() throws {
    let run = try FirmwareRun(
      """
      from primitives import Broker, broker
      import primitives
      print(isinstance(broker, Broker), primitives.broker is broker)
      """)
    #expect(run.output == "True True\n")
  }

  @Test func aPackageBesideTheProgramComesFirst() throws {
    let run = try FirmwareRun(
      """
      import primitives, threadsafe
      from primitives.queue import Queue
      print(primitives.__file__, Queue, threadsafe.__file__)
      """,
      files: [
        "primitives/__init__.py": "", "primitives/queue.py": "Queue = 'own'", "threadsafe.py": "",
      ])
    #expect(run.output == "primitives/__init__.py own threadsafe.py\n")
  }

  @Test func aFolderWithoutInitOnlyAddsModules() throws {
    let run = try FirmwareRun(
      """
      from primitives.tests.own import Queue
      from primitives import Semaphore
      print(Queue, Semaphore)
      """, files: ["primitives/tests/own.py": "from primitives import Queue"])
    #expect(run.output == "<class 'Queue'> <class 'Semaphore'>\n")
  }

  @Test func theSearchPathDecidesWhetherFrozenModulesAreFound() throws {
    let run = try FirmwareRun(
      """
      import sys
      sys.path.remove(".frozen")
      try:
          import primitives
      except ImportError as error:
          print(error)
      sys.path.insert(0, ".frozen")
      import threadsafe
      print(threadsafe.__file__)
      """, files: ["threadsafe.py": ""])
    #expect(run.output == "no module named 'primitives'\nthreadsafe/__init__.py\n")
  }
}
