# Stands behind the text of a program that describes itself by `bm_params` and `bm_setup`, as those of MicroPython's
# tests/perf_bench do: runs it with the largest parameters that processor and memory allow, and prints its result.


def run_benchmark(processor, memory):
    fitting = [size for size in bm_params if size[0] <= processor and size[1] <= memory]
    run, result = bm_setup(bm_params[max(fitting)])
    run()
    print(result())


run_benchmark(5000, 1000)
