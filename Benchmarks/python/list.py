# Indexes a list.
def total(items, rounds):
    result = 0
    for _ in range(rounds):
        i = 0
        while i < len(items):
            result += items[i] & 1
            i += 1
    return result


total(list(range(1000)), 8000)
