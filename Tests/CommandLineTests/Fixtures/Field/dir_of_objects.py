import sys, math, io, collections, gc
class A:
    zeta = 1
    alpha = 2
    value = 3
    def read(self): pass
    def append(self): pass
    def __init__(self): self.q1 = 3; self.beta = 4; self.start = 1
    last = 4
    def run(self): pass
print(dir(A)); print(dir(A()))
def f(): pass
def g(): yield
for o in (1, 1.5, 's', b'', bytearray(), [], (), {}, set(), frozenset(), range(3), f, g, g(), None, True, Ellipsis, int, str, list, dict, object, type, Exception, Exception(), OSError(1), slice(1,2) if 0 else 0, A().read, [].append, len, math, io.StringIO(), collections.deque((),1), collections.OrderedDict(), collections.namedtuple('N','b a'), collections.namedtuple('N','b a')(1,2), property(), memoryview(b''), 1j, enumerate([]), iter([]), zip(), {}.keys(), super, staticmethod, classmethod, 2**70):
    print(type(o).__name__, dir(o))
class B(A, list):
    gg = 3
print(dir(B))
class E(Exception):
    aa=3
print(dir(E()))
class D:
    def __dir__(self): return [3]
print(dir(D()), dir(D))
print(dir(gc))
