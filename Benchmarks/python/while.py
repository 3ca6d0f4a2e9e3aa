# Counts up in a while loop.
def count(n):
    i = 0
    while i < n:
        i += 1


count(20000000)
