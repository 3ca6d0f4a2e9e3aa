#!/usr/bin/env python3
"""Runs MicroPython's own test suite against vpyboard and says what passed, failed and does not apply.

    tools/conformance/run.py UPSTREAM [options]

UPSTREAM is a checkout of micropython/micropython, or its tests folder; nothing in it is written to. The exit status is 0
when every test passed that is neither in not-applicable.txt nor in known-failures.txt, both beside this file.
"""
import argparse
import collections
import concurrent.futures
import os
import queue
import re
import shlex
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from reasons import Reasons  # noqa: E402
from suite import Suite  # noqa: E402
from verdict import Judge  # noqa: E402
from worker import Worker  # noqa: E402

FOLDERS = (
    "basics extmod float micropython unicode stress misc import io thread net_hosted inlineasm inlineasm/thumb"
    " inlineasm/rv32 inlineasm/xtensa ports/stm32 extmod_hardware"
).split()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("upstream", help="a checkout of micropython/micropython, or its tests folder")
    parser.add_argument("--vpyboard", default=os.path.join(HERE, "../../.build/release/vpyboard"))
    parser.add_argument("--options", default="", help="further options of `vpyboard run`")
    parser.add_argument("--folders", nargs="+", default=FOLDERS, help="default: " + " ".join(FOLDERS))
    parser.add_argument("--only", default="", help="regular expression: tests whose path it matches")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=60, help="seconds for one test (60)")
    parser.add_argument("--all", action="store_true", help="run what does not apply, too")
    parser.add_argument("--diff", action="store_true", help="show how outputs differ")
    parser.add_argument("--reasons", action="store_true", help="name every test that does not apply, and why")
    return parser.parse_args()


def run(suite, judge, reasons, options):
    """The outcome of each test, in the suite's order."""
    tests = [test for test in suite.tests(options.folders) if re.search(options.only, test)]
    command = [os.path.abspath(options.vpyboard), "run", "--speed", "max", "--diagnostics", "off"]
    command += shlex.split(options.options)
    with tempfile.TemporaryDirectory(prefix="conformance.") as scratch:
        idle = queue.Queue()
        for number in range(options.jobs):
            idle.put(Worker(suite, os.path.join(scratch, str(number)), command, options.timeout))

        def one(test):
            if not options.all and reasons.not_applicable(test):
                return judge.not_applicable(test)
            worker = idle.get()
            try:
                return judge.judge(test, worker, reasons.options(test))
            finally:
                idle.put(worker)

        outcomes = []
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for outcome in pool.map(one, tests):
                outcomes.append(outcome)
                show_progress(len(outcomes), len(tests))
        show_progress(0, 0)
        return outcomes


def show_progress(done, total):
    """On a terminal in one line that goes away again, else a line now and then."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K" + (f"{done} of {total}" if total else ""))
        sys.stderr.flush()
    elif total and done % 200 == 0:
        print(f"{done} of {total}", file=sys.stderr, flush=True)


def report(outcomes, reasons, options, seconds):
    """Prints the tables; true if nothing failed that is not known to."""
    row = "{:<20} {:>7} {:>7} {:>15}".format
    print(row("folder", "passed", "failed", "not applicable"))
    counts = collections.OrderedDict()
    for outcome in outcomes:
        counts.setdefault(os.path.dirname(outcome.test), collections.Counter())[outcome.kind] += 1
    for folder, count in counts.items():
        print(row(folder, count["passed"], count["failed"], count["not applicable"]))
    total = sum(counts.values(), collections.Counter())
    print(row("together", total["passed"], total["failed"], total["not applicable"]), f"  {seconds:.0f} s")

    failures = [outcome for outcome in outcomes if outcome.kind == "failed"]
    unexpected = [outcome for outcome in failures if not reasons.known_failure(outcome.test)]
    show("Known to fail", [o for o in failures if reasons.known_failure(o.test)], reasons, options)
    show("Failed", unexpected, reasons, options)
    for outcome in outcomes:
        if outcome.kind == "passed" and reasons.known_failure(outcome.test):
            print(f"\n{outcome.test} passes now: take it off known-failures.txt")
        if outcome.kind == "passed" and reasons.not_applicable(outcome.test):
            print(f"\n{outcome.test} passes: take it off not-applicable.txt")
    show_not_applicable([o.test for o in outcomes if o.kind == "not applicable"], reasons, options)
    return not unexpected


def show(title, failures, reasons, options):
    if failures:
        print(f"\n{title}:")
    for outcome in failures:
        known = reasons.known_failure(outcome.test)
        print(f"  {outcome.test}: {known or outcome.why}")
        if options.diff and outcome.difference:
            print("    " + outcome.difference.replace("\n", "\n    "))


def show_not_applicable(tests, reasons, options):
    by_reason = collections.OrderedDict()
    for test in tests:
        by_reason.setdefault(reasons.not_applicable(test), []).append(test)
    if by_reason:
        print("\nNot applicable:")
    for reason, members in by_reason.items():
        print(f"  {reason}: {' '.join(members) if options.reasons or len(members) < 6 else len(members)}")


def main():
    options = arguments()
    if not os.access(options.vpyboard, os.X_OK):
        sys.exit(f"{options.vpyboard} is not there: `make build` makes it, --vpyboard names another")
    try:
        suite = Suite(options.upstream)
        reasons = Reasons(HERE)
    except ValueError as error:
        sys.exit(str(error))
    start = time.monotonic()
    outcomes = run(suite, Judge(suite, os.environ.get("MICROPYTHON"), options.timeout), reasons, options)
    ok = report(outcomes, reasons, options, time.monotonic() - start)
    for line in reasons.unused(suite.tests(FOLDERS)):
        print(f"\n{line}: no test of this suite")
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
