# Resumes a generator.
def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1


def drain(n):
    for _ in numbers(n):
        pass


drain(12000000)
