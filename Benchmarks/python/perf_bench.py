# Stands behind the text of a program that describes itself by `bm_params` and `bm_setup`, as those of MicroPython's
# tests/perf_bench do: runs it with the largest parameters that processor and memory allow, as often as the argument says,
# and prints its result. (Most are done in less time than an interpreter takes to start.)
import sys


def run_benchmark(processor, memory, rounds):
    fitting = [size for size in bm_params if size[0] <= processor and size[1] <= memory]
    run, result = bm_setup(bm_params[max(fitting)])
    for _ in range(rounds):
        run()
    print(result())


run_benchmark(5000, 1000, int(sys.argv[1]))
