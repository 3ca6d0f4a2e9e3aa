"""Makes asyncio programs whose order of execution is determined, so that two implementations must print the same.

Time on the other side is real. Therefore every wait for time ends in a slot of its own (`until` in the prologue): no two
tasks ever wake by time within `STEP` milliseconds of each other, whatever the machine is busy with.
"""
import random

PROLOGUE = '''
import asyncio, time

STEP = 30
T0 = time.ticks_ms()
taken = {}
tasks = []
budget = [120]
events = [asyncio.Event(), asyncio.Event()]
locks = [asyncio.Lock(), asyncio.Lock()]
flags = [asyncio.ThreadSafeFlag(), asyncio.ThreadSafeFlag()]
late = [0]
queue = []
filled = asyncio.Event()


def until(n):
    now = time.ticks_diff(time.ticks_ms(), T0)
    slot = now // STEP + n
    while slot in taken:
        slot += 1
    taken[slot] = True
    return slot * STEP + 3 - now


async def pause(n):
    delay = until(n)
    due = time.ticks_add(time.ticks_ms(), delay)
    await asyncio.sleep_ms(delay)
    late[0] = max(late[0], time.ticks_diff(time.ticks_ms(), due))


def spend():
    budget[0] -= 1
    if budget[0] < 0:
        raise OSError("budget")


def out(*values):
    print(time.ticks_diff(time.ticks_ms(), T0) // STEP, *values)


def told(error):
    return type(error).__name__, [told(a) if isinstance(a, BaseException) else a for a in error.args]


def spawn(coroutine):
    task = asyncio.create_task(coroutine)
    tasks.append(task)
    return task


def cancel(i):
    if tasks:
        try:
            out("cancel", i, tasks[i % len(tasks)].cancel())
        except RuntimeError as error:
            out("cancel", i, told(error))


async def put(item):
    queue.append(item)
    filled.set()
    await asyncio.sleep_ms(0)


async def get():
    while not queue:
        filled.clear()
        await filled.wait()
    return queue.pop(0)


class Items:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.n:
            raise StopAsyncIteration
        self.n -= 1
        await (pause(1) if self.n & 1 else asyncio.sleep_ms(0))
        return self.n


class Section:
    def __init__(self, name, swallows):
        self.name = name
        self.swallows = swallows

    async def __aenter__(self):
        await asyncio.sleep_ms(0)
        out("enter", self.name)
        return self.name

    async def __aexit__(self, kind, error, trace):
        out("exit", self.name, kind and kind.__name__)
        await pause(1)
        return self.swallows


class Later:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        for i in range(self.n):
            yield from asyncio.sleep_ms(0)
        return self.n

    __await__ = __iter__


def handler(loop, context):
    out("handler", context["message"], told(context["exception"]), context["future"] in tasks)

'''


class TaskProgram:
    """One program. `text` is its source."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.depth = 0
        self.counter = 0
        # Coroutine functions call those before them only, so that none calls itself without end.
        self.functions = []
        for _ in range(self.random.randint(2, 6)):
            name = f"f{len(self.functions)}"
            self.line(f"async def {name}():")
            self.body(self.random.randint(1, 5))
            if self.random.random() < 0.6:
                self.indented(f"return {self.label()}")
            self.line("")
            self.functions.append(name)
        for run in range(self.random.choice([1, 1, 1, 2])):
            self.main(run)
        self.line("print('late', late[0])")
        self.text = PROLOGUE + "\n".join(self.lines) + "\n"

    def main(self, run):
        """Tasks, then limited waits: it comes to its end whatever waits for ever."""
        self.line(f"async def main{run}():")
        self.depth += 1
        if self.random.random() < 0.5:
            self.line("asyncio.get_event_loop().set_exception_handler(handler)")
        for _ in range(self.random.randint(2, 4)):
            self.line(f"spawn({self.call()})")
            if self.random.random() < 0.3:
                self.line("await asyncio.sleep_ms(0)")
        for _ in range(self.random.randint(2, 6)):
            self.random.choice([self.pause, self.pause, self.cancel, self.wake, self.limited_wait, self.limited_gather])()
        self.line("await pause(6)")
        self.line("for task in tasks:")
        self.indented("task.cancel()")
        self.line("await pause(4)")
        self.line("out([task.done() for task in tasks])")
        self.line("return 'end'")
        self.depth -= 1
        self.line("")
        self.line("try:")
        self.indented(f"print(asyncio.run(main{run}()))")
        self.line("except BaseException as error:")
        self.indented("print('ended by', told(error))")
        if self.random.random() < 0.5:
            self.line("asyncio.new_event_loop()")
            self.line("tasks.clear()")

    # Parts

    def line(self, text):
        self.lines.append("    " * self.depth + text)

    def indented(self, text):
        self.lines.append("    " * (self.depth + 1) + text)

    def label(self):
        self.counter += 1
        return self.counter

    def body(self, count):
        self.depth += 1
        self.line("spend()")
        for _ in range(count):
            self.statement()
        self.depth -= 1

    def call(self):
        return f"{self.random.choice(self.functions)}()" if self.functions else f"Later({self.random.randrange(3)}).__iter__()"

    def number(self):
        return self.random.randint(1, 4)

    def statement(self):
        simple = [
            self.pause, self.pause, self.zero, self.show, self.spawn, self.spawn, self.cancel, self.wake, self.wait, self.fail,
            self.awaited, self.gather, self.limited_wait, self.queue, self.current, self.later,
        ]
        nested = [self.attempt, self.attempt, self.locked, self.loop, self.items, self.section]
        self.random.choice(simple + nested if self.depth < 4 else simple)()

    def pause(self):
        self.line(f"await pause({self.number()})")
        self.show()

    def zero(self):
        self.line(self.random.choice(["await asyncio.sleep_ms(0)", "await asyncio.sleep(0)", "await asyncio.sleep_ms(-1)"]))

    def show(self):
        self.line(f"out({self.label()})")

    def spawn(self):
        self.line(f"spawn({self.call()})")

    def cancel(self):
        self.line(f"cancel({self.random.randrange(12)})")

    def wake(self):
        i = self.random.randrange(2)
        self.line(self.random.choice([f"events[{i}].set()", f"events[{i}].clear()", f"flags[{i}].set()",
                                      f"spawn(put({self.label()}))", f"out(events[{i}].is_set(), locks[{i}].locked())"]))

    def wait(self):
        i = self.random.randrange(2)
        self.line(self.random.choice([f"out(await events[{i}].wait())", f"await flags[{i}].wait()", f"await events[{i}].wait()"]))
        self.show()

    def fail(self):
        if self.random.random() < 0.5:
            self.line(f"if budget[0] % {self.random.choice([2, 3])} == 0:")
            self.depth += 1
        else:
            self.line("if True:")
            self.depth += 1
        self.line(self.random.choice([f"raise ValueError({self.label()})", "raise asyncio.CancelledError", "1 // 0",
                                      f"return {self.label()}", "raise asyncio.TimeoutError", f"raise KeyError({self.label()})"]))
        self.depth -= 1

    def awaited(self):
        self.line(self.random.choice([f"out(await {self.call()})", f"out(await spawn({self.call()}))",
                                      f"out(await tasks[{self.random.randrange(12)} % len(tasks)])"]))

    def gathered(self):
        parts = [self.call() if self.random.random() < 0.7 else f"tasks[{self.random.randrange(12)} % len(tasks)]"
                 for _ in range(self.random.randrange(4))]
        flag = self.random.choice(["", "return_exceptions=True", "return_exceptions=True"])
        return f"asyncio.gather({', '.join(parts + [flag] if flag else parts)})"

    def gather(self):
        self.line(f"for result in await {self.gathered()}:")
        self.indented("out(told(result) if isinstance(result, BaseException) else result)")

    def limited_gather(self):
        self.limited(self.gathered())

    def limited_wait(self):
        self.limited(self.random.choice([
            self.call(), self.call(), f"tasks[{self.random.randrange(12)} % len(tasks)]",
            f"asyncio.wait_for_ms({self.call()}, until({self.number()}))", f"events[{self.random.randrange(2)}].wait()",
            f"locks[{self.random.randrange(2)}].acquire()", "get()"]))

    def limited(self, awaitable):
        limit = self.random.choice(["until({})", "until({})", "until({})", "0"]).format(self.number())
        self.line("try:")
        self.indented(f"out('in time', await asyncio.wait_for_ms({awaitable}, {limit}))")
        self.line("except Exception as error:")
        self.indented("out(told(error))")

    def queue(self):
        self.line(self.random.choice([f"await put({self.label()})", "out(await get())"]))

    def current(self):
        self.line(f"out(asyncio.current_task() is tasks[{self.random.randrange(12)} % len(tasks)])")

    def later(self):
        self.line(f"out(await Later({self.random.randrange(3)}))")

    # With blocks

    def block(self):
        self.depth += 1
        for _ in range(self.random.randint(1, 3)):
            self.statement()
        self.depth -= 1

    def attempt(self):
        self.line("try:")
        self.block()
        if self.random.random() < 0.75:
            kind = self.random.choice(["asyncio.CancelledError", "ValueError", "Exception", "BaseException", "asyncio.TimeoutError"])
            self.line(f"except {kind} as error:")
            self.indented(f"out({self.label()}, told(error))")
            if self.random.random() < 0.4:
                self.block()
            if self.random.random() < 0.4:
                self.indented("raise")
            if self.random.random() < 0.3:
                self.line("finally:")
                self.block()
        else:
            self.line("finally:")
            self.indented(f"out({self.label()}, 'finally')")
            if self.random.random() < 0.5:
                self.block()

    def locked(self):
        i = self.random.randrange(2)
        if self.random.random() < 0.15:
            self.line(self.random.choice([f"locks[{i}].release()", f"await locks[{i}].acquire()"]))
            return
        self.line(f"async with locks[{i}]:")
        self.indented(f"out({self.label()}, 'locked')")
        self.block()

    def loop(self):
        self.line(f"for i in range({self.number()}):")
        self.block()

    def items(self):
        self.line(f"async for item in Items({self.number()}):")
        self.indented("out('item', item)")
        self.block()

    def section(self):
        self.line(f"async with Section({self.label()}, {self.random.random() < 0.3}) as name:")
        self.block()
