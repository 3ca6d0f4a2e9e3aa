"""Makes programs that do the same again and again, whatever it raises: what a call leaves behind at the host's cost adds up. The calls
are those of `calls.py` and `edges.py`; some are made by threads, handlers, tasks and finalisers, and some keep what they get."""
import random
import textwrap

from calls import CallProgram, with_statements
from edges import EdgeProgram

# What stands before the calls, how many levels deep they are, and what stands behind them.
FORMS = [
    ("while True:\n", 1, ""),
    ("while True:\n", 1, "    if len(kept) > 200:\n        kept.clear()\n"),
    ("def work(*a):\n", 1, "while True:\n    work(0)\n"),
    ("import _thread\ndef work(*a):\n    while True:\n", 2,
     "while True:\n    try:\n        _thread.start_new_thread(work, ())\n    except Exception:\n        pass\n"),
    ("def work(*a):\n", 1, "t = machine.Timer(-1, period=1, callback=work)\nwhile True:\n    time.sleep_ms(1)\n"),
    ("def work(*a):\n", 1, "t = pyb.Timer(4, freq=500, callback=work)\nwhile True:\n    try:\n        micropython.schedule(work, 0)\n"
     "    except Exception:\n        pass\n"),
    ("async def work():\n    while True:\n", 2, "        await asyncio.sleep(0)\nasync def main():\n    while True:\n        try:\n"
     "            asyncio.create_task(work())\n        except Exception:\n            pass\n        await asyncio.sleep_ms(1)\nasyncio.run(main())\n"),
    ("class Work:\n    def __init__(self):\n", 2, "    def __del__(self):\n        Work()\nwhile True:\n    try:\n        kept.append(Work())\n"
     "    except Exception:\n        pass\n"),
]


class LoopProgram:
    """One program: statements that are repeated, so that it can be shrunk by leaving some out."""

    def __init__(self, seed, surface):
        chance = random.Random(seed)
        self.form = chance.choice(FORMS)
        source = CallProgram(seed, surface) if chance.random() < 0.6 else EdgeProgram(seed)
        self.statements = [statement.replace("tell(", chance.choice(["tell(", "kept.append("]), 1)
                           for statement in source.statements[:chance.choice([1, 1, 2, 5, 20])]]

    def with_statements(self, statements):
        before, depth, after = self.form
        body = textwrap.indent("".join(statements) or "pass\n", "    " * depth)
        return with_statements(["kept = []\n", before + body + after])
