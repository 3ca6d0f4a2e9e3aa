import Foundation
import MicroPythonPort
import Testing

/// What firmware does must not depend on when garbage is collected. Each program runs twice, once with a collection at every
/// allocation, which overwrites what it frees. `make test-gc` does so with all tests of the interpreter and the port.
@Suite("A collection at every allocation")
struct CollectionStressTests {
  private static let programs = [
    "tasks": """
    import asyncio
    queue, lock, event = [], asyncio.Lock(), asyncio.Event()
    async def produce(name, n):
        for i in range(n):
            async with lock:
                queue.append("%s %d" % (name, i))
            await asyncio.sleep_ms(i)
        event.set()
        return [name] * n
    async def fail(n):
        await asyncio.sleep_ms(n)
        raise ValueError("failed after {}".format(n))
    async def main():
        results = await asyncio.gather(produce("a", 3), produce("b", 2), fail(4), return_exceptions=True)
        print(queue, results)
        try:
            await asyncio.wait_for(produce("c", 9), 0.01)
        except asyncio.TimeoutError:
            print("too late", len(queue))
        task = asyncio.create_task(produce("d", 5))
        await asyncio.sleep_ms(2)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError as error:
            print(repr(error))
        await event.wait()
    asyncio.run(main())
    """,
    "interrupts": """
    import asyncio, machine, micropython, pyb, time
    flag, calls = asyncio.ThreadSafeFlag(), []
    def later(argument):
        calls.append(str(argument) + "!")
    class Counter:
        def __init__(self):
            self.n = 0
            self.timer = pyb.Timer(4, freq=1000, callback=self.tick)
        def tick(self, timer):
            self.n += 1
            flag.set()
            if self.n % 4 == 0:
                micropython.schedule(later, self.n)
    soft = machine.Timer(-1, period=3, callback=lambda timer: calls.append([time.ticks_ms()]))
    async def main():
        counter = Counter()
        for i in range(9):
            await flag.wait()
        counter.timer.deinit()
        soft.deinit()
        print(counter.n, calls)
    asyncio.run(main())
    """,
    "streams": """
    import asyncio, io, json
    from pyb import UART
    uart = UART(4, 115200, rxbuf=512)
    async def send(writer, lines):
        for line in lines:
            writer.write(json.dumps(line).encode() + b"\\n")
            await writer.drain()
    async def main():
        reader, writer = asyncio.StreamReader(uart), asyncio.StreamWriter(uart, {})
        lines = [{"n": n, "text": "x" * n, "list": [n, [n]]} for n in range(4)]
        task = asyncio.create_task(send(writer, lines))
        for n in range(4):
            print(json.loads(await reader.readline()) == lines[n])
        await task
        buffer = io.StringIO()
        print("to a stream", file=buffer)
        print(buffer.getvalue())
    asyncio.run(main())
    """,
    "language": """
    import re, struct, collections
    class Node:
        def __init__(self, value, *rest, **options):
            self.value, self.rest, self.options = value, rest, options
        def __repr__(self):
            return "{}{}{}".format(self.value, self.rest, sorted(self.options.items()))
        def __add__(self, other):
            return Node(str(self.value) + str(other.value), *(self.rest + other.rest))
        def __lt__(self, other):
            return str(self.value) < str(other.value)
    def numbers(n):
        total = 0
        for i in range(n):
            received = yield "%03d" % (total + i)
            total += received or 0
    print(sum([Node(1, 2, a=3), Node("x", *[4] * 2)], Node("")))
    print(sorted([Node(str(n % 7) * n) for n in range(9)])[::3])
    steps = numbers(4)
    print(next(steps), [steps.send(10 ** 12) for _ in range(2)], list(steps))
    pair = collections.namedtuple("Pair", ("left", "right"))
    table = {str(n): pair(n, [n] * n) for n in range(20)}
    for n in range(0, 20, 3):
        del table[str(n)]
    print(sorted(table)[:4], table["7"], len(str(table)))
    print(re.sub("(a+)b", lambda match: "<" + match.group(1) + ">", "aab ab b"), "a,b,,c".split(","))
    print(struct.pack("<HIf", 1, 2 ** 31, 1.5), list(map(lambda *all: sum(all), range(5), [10] * 5)))
    try:
        try:
            {}["missing" + "!"]
        except KeyError as error:
            raise RuntimeError("again", error.args)
    except RuntimeError as error:
        print(repr(error))
    print(2 ** 200 // 3 ** 50, "%r" % (1 << 90), b"".join([bytes([n]) * 2 for n in range(3)]))
    """,
    "files": """
    import os, sys
    import helper
    os.mkdir("/flash/made")
    with open("/flash/made/text", "w") as file:
        for n in range(5):
            file.write("line %d\\n" % n)
    with open("/flash/made/text") as file:
        print([line.strip() for line in file])
    print(helper.greet("board"), sorted(os.listdir("/flash")), "helper" in sys.modules)
    """,
  ]

  @Test("changes nothing of what firmware prints", arguments: programs.keys.sorted())
  func sameOutput(name: String) throws {
    let program = try #require(Self.programs[name])
    let outputs = try [false, true].map { collectsAlways in
      try FirmwareRun(
        program, powerOff: 10_000, files: ["helper.py": "def greet(name):\n    return 'hello ' + name\n"],
        wires: ["X1-X2"], collectsAlways: collectsAlways
      ).output
    }
    #expect(!outputs[0].isEmpty && !outputs[0].contains("Traceback"), "\(outputs[0])")
    #expect(outputs[0] == outputs[1])
  }
}
