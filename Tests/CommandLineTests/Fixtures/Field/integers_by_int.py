import struct, math, time, random
from array import array
from collections import deque
class I:
    def __init__(self, v): self.v = v
    def __int__(self): return self.v
class F:
    def __float__(self): return 1.5
class S(int): pass
one = I(1); two = I(2); s1 = S(1)
l = [10, 20, 30]; t = (1, 2, 3); s = 'abc'; b = b'abc'; ba = bytearray(b'abc'); r = range(5); d = deque(l, 5); ar = array('i', [1, 2, 3]); mv = memoryview(ba)
def tr(name, f):
    try: print(name, f())
    except Exception as e: print(name, repr(e))
for i in (one, True, F(), 1.0, '1', None):
    n = type(i).__name__
    for c in (l, t, s, b, ba, r, d, ar, mv):
        tr(n + ' ' + type(c).__name__ + '[]', lambda: c[i])
        tr(n + ' ' + type(c).__name__ + '[:]', lambda: list(c[:i]))
        tr(n + ' ' + type(c).__name__ + '*', lambda: c * i)
        tr(n + ' *' + type(c).__name__, lambda: i * c)
    def st(): l[i] = 5; return l
    tr(n + ' l[i]=', st)
    def st2(): ba[0] = i; return ba
    tr(n + ' ba[0]=i', st2)
    def st3(): ar[0] = i; return ar
    tr(n + ' ar[0]=i', st3)
    tr(n + ' range', lambda: range(i))
    tr(n + ' chr', lambda: chr(i))
    tr(n + ' hex', lambda: hex(i))
    tr(n + ' bin', lambda: bin(i))
    tr(n + ' int', lambda: int(i))
    tr(n + ' float', lambda: float(i))
    tr(n + ' +', lambda: i + 1)
    tr(n + ' 1+', lambda: 1 + i)
    tr(n + ' <', lambda: i < 5)
    tr(n + ' ==', lambda: i == 1)
    tr(n + ' %d', lambda: '%d' % i)
    tr(n + ' %x', lambda: '%x' % i)
    tr(n + ' %f', lambda: '%f' % i)
    tr(n + ' %c', lambda: '%c' % i)
    tr(n + ' %*d', lambda: '%*d' % (i, 5))
    tr(n + ' {:d}', lambda: '{:d}'.format(i))
    tr(n + ' {:f}', lambda: '{:f}'.format(i))
    tr(n + ' pop', lambda: [1,2,3].pop(i))
    tr(n + ' round', lambda: round(1.2345, i))
    tr(n + ' pack', lambda: struct.pack('h', i))
    tr(n + ' packf', lambda: struct.pack('f', i))
    tr(n + ' sqrt', lambda: math.sqrt(i))
    tr(n + ' pow', lambda: pow(i, 2))
    tr(n + ' abs', lambda: abs(i))
    tr(n + ' neg', lambda: -i)
    tr(n + ' <<', lambda: 1 << i)
    tr(n + ' sleep', lambda: time.sleep_ms(i))
    tr(n + ' randint', lambda: random.randint(i, 1))
    tr(n + ' getrandbits', lambda: random.getrandbits(i) < 2)
    tr(n + ' to_bytes', lambda: (5).to_bytes(i, 'little'))
    tr(n + ' split', lambda: 'a b c'.split(' ', i))
    tr(n + ' center', lambda: 'a'.center(i))
    tr(n + ' replace', lambda: 'aaa'.replace('a', 'b', i))
    tr(n + ' find', lambda: 'aaa'.find('a', i))
    tr(n + ' enumerate', lambda: list(enumerate('ab', i)))
    tr(n + ' sum', lambda: sum([1], i))
    tr(n + ' max', lambda: max(i, 0))
    tr(n + ' append', lambda: ar.append(i))
    tr(n + ' divmod', lambda: divmod(i, 2))
    tr(n + ' floor', lambda: math.floor(i))
    tr(n + ' complex', lambda: complex(i))
    tr(n + ' int2', lambda: int('11', i))
    tr(n + ' all', lambda: array('f', [i]))
    tr(n + ' deque', lambda: deque((), i))
