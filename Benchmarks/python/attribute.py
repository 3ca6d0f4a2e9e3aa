# Reads and writes an attribute of an instance.
class Counter:
    def __init__(self):
        self.value = 0

    def count(self, n):
        i = 0
        while i < n:
            self.value += 1
            i += 1


Counter().count(12000000)
