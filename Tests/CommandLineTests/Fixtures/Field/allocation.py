import micropython, sys, time
from collections import deque, OrderedDict, namedtuple
from array import array
r = None
a = [0, 1, 2, 3]
l1 = [1]
t3 = (1, 2, 3)
d = {1: 2, 'a': 3}
s = {1, 2}
st = 'hello'
by = b'hello'
ba = bytearray(b'hello')
mv = memoryview(ba)
ar = array('h', [1, 2, 3])
dq = deque((), 5)
fl = 1.5
big = 1 << 40
n = 5
def noargs(): return 1
def two(x, y): return x
def defaults(x, y=2, *, z=3): return z
def var(*args): return args
def kw(**k): return k
def many(a, b, c, d, e, f, g, h): return h
def gen():
    yield 1
    yield 2
class C:
    cls = 3
    def __init__(self, v=1):
        self.v = v
        self.w = 2
    def m(self): return self.v
    def m1(self, x): return x
    def m6(self, a, b, c, d, e, f): return f
    def addattr(self): self.newattr = 1
    @property
    def p(self): return 1
    @staticmethod
    def sm(x): return x
    @classmethod
    def cm(cls, x): return x
    def __len__(self): return 3
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i
    def __add__(self, o): return 1
    def __eq__(self, o): return True
    def __call__(self, x): return x
    def __enter__(self): return self
    def __exit__(self, *a): return False
    def __contains__(self, x): return True
class D(C):
    def m(self): return super().m()
    def k(self): return super(D, self).m()
c = C(); dd = D()
bm = c.m; bm6 = c.m6
def outer():
    q = 1
    def inner(): return q
    def inner6(a,b,c,d,e,f): return q
    return inner, inner6
closure, closure6 = outer()
NT = namedtuple('NT', 'x y')
nt = NT(1, 2)
g = gen(); 
lst = [5, 3, 1]
snips = '''
x, y = r, 1
x, y, z = r, 1, 2
w, x, y, z = r, 1, 2, 3
(x, y) = (r, 1)
x, y = (r, 1)
(x, y) = r, 1
[x, y] = r, 1
[x, y] = [r, 1]
x = y = 1
x = r, 1
x, y = 1, 2
w, x, y, z = 1, 2, 3, 4
x, y, z = t3
x, *y = t3
x, y, z = 'abc'
x, y, z = range(3)
(x, y), z = (r, 1), 2
x, (y, z) = r, t3[:2]
a[0], a[1] = a[1], a[0]
a[0], a[1], a[2] = a[2], a[1], a[0]
a[0], a[1], a[2], a[3] = a[3], a[2], a[1], a[0]
c.v, c.w = c.w, c.v
x = [1, 2]
x = [r]
x = ()
x = []
x = {}
x = {1: 2}
x = {1, 2}
x = (1, 2, 3)
x = (1, r)
x = a[0]
x = a[-1]
x = a[1:2]
a[1:2] = [5]
a[1:2] = (5,)
x = t3[0]
x = t3[1:]
x = st[0]
x = st[1:3]
x = by[0]
x = by[1:3]
x = ba[0]
x = ba[1:3]
ba[1:3] = b'xy'
ba[0] = 3
x = mv[0]
x = mv[1:3]
mv[1:3] = b'xy'
x = mv[:]
x = ar[0]
ar[0] = 5
ar[0:2] = ar
x = slice(1, 2) if 0 else 1
x = d[1]
d[1] = 5
d['zz%d'] = 5
x = 1 in d
x = 1 in a
x = 'e' in st
x = 1 in s
x = 1 in t3
x = 1 in c
x = 1 in range(5)
x = 1 in gen()
s.add(1)
s.discard(9)
for i in a: pass
for i in t3: pass
for i in st: pass
for i in by: pass
for i in ba: pass
for i in d: pass
for i in s: pass
for i in mv: pass
for i in ar: pass
for i in dq: pass
for i in c: pass
for i in range(3): pass
for i in range(n): pass
for i in range(0, n, 2): pass
for i in range(0, n, n): pass
for i in range(*t3): pass
for i in d.items(): pass
for i in d.keys(): pass
for i in d.values(): pass
for i in enumerate(a): pass
for i, j in enumerate(a): pass
for i in zip(a, a): pass
for i in reversed(a): pass
for i in map(two, a, a): pass
for i in gen(): pass
for i in (1, 2): pass
for i in [1, 2]: pass
for i in (r, 2): pass
for i in iter(a): pass
x = [i for i in t3]
x = {i for i in t3}
x = {i: i for i in t3}
x = (i for i in t3)
x = sum(i for i in t3)
x = any(i for i in t3)
x = noargs()
x = two(1, 2)
x = two(x=1, y=2)
x = two(1, y=2)
x = two(y=2, x=1)
x = defaults(1)
x = defaults(1, z=5)
x = var()
x = var(1)
x = kw()
x = kw(a=1)
x = many(1, 2, 3, 4, 5, 6, 7, 8)
x = many(a=1, b=2, c=3, d=4, e=5, f=6, g=7, h=8)
x = two(*a[:2])
x = two(*t3[:2])
x = many(*t3, 4, 5, 6, 7, 8)
x = noargs(*())
x = noargs(**{})
x = closure()
x = bm()
x = bm6(1, 2, 3, 4, 5, 6)
x = c.m()
x = c.m1(5)
x = c.m6(1, 2, 3, 4, 5, 6)
x = c.m
x = a.append
x = c.p
x = c.sm(1)
x = c.cm(1)
x = C.cm(1)
x = c.sm
x = c.cm
x = c.v
x = c.cls
c.v = 5
c.addattr()
x = c(1)
x = c + 1
x = c == 1
x = c != 1
x = len(c)
x = c[1]
x = C()
x = C
x = dd.m()
x = dd.k()
x = lambda: 1
def x(): pass
def x(y=1): pass
def x(): return n
class x: pass
with c: pass
with c as x: pass
try: raise ValueError\\nexcept ValueError: pass
try: raise ValueError(1)\\nexcept ValueError as e: pass
try: 1 // 0\\nexcept ZeroDivisionError: pass
try: a[99]\\nexcept IndexError: pass
try: d[99]\\nexcept KeyError: pass
try: undefined\\nexcept NameError: pass
try: c.nope\\nexcept AttributeError: pass
x = fl
x = 1.5
x = -1.5
x = fl + 1
x = fl * 1.5
x = fl == 1.5
x = fl > 1
x = n / 2
x = n // 2
x = n % 3
x = n ** 2
x = 2 ** 3
x = divmod(n, 2)
x = -fl
x = abs(fl)
x = abs(n)
x = int(fl)
x = float(n)
x = round(fl)
x = min(1, 2)
x = max(a)
x = min(fl, 2.5)
x = max(1, 2, key=None) if 0 else 1
x = sum(a)
x = sum(a, 5)
x = len(a)
x = bool(a)
x = str(n)
x = str(st)
x = repr(n)
x = hex(n)
x = chr(97)
x = chr(233)
x = ord('a')
x = int('5')
x = int(5)
x = bytes(3)
x = bytes(by)
x = bytearray(3)
x = list()
x = list(a)
x = tuple()
x = tuple(t3)
x = tuple(a)
x = dict()
x = set()
x = range(5)
x = sorted(a)
x = enumerate(a)
x = iter(a)
x = next(g)
x = isinstance(n, int)
x = isinstance(n, (int, float))
x = issubclass(D, C)
x = hasattr(c, 'v')
x = hasattr(c, 'nope')
x = getattr(c, 'v')
x = getattr(c, 'nope', 1)
setattr(c, 'v', 1)
x = id(c) and 1
x = hash(st)
x = callable(c)
x = type(c)
x = all(a)
x = any(a)
x = st + 'x'
x = st * 2
x = st * 1
x = 'a' 'b'
x = '%d' % n
x = '{}'.format(n)
x = f'{n}'
x = st == 'hello'
x = st < 'z'
x = st.find('l')
x = st.startswith('h')
x = st.upper()
x = st.strip()
x = st.split()
x = st.encode()
x = st.replace('q', 'x')
x = st.count('l')
x = by.decode()
x = by + b''
x = ','.join(['a'])
x = st.isalpha()
x = a + a
x = a * 2
x = a == a
x = t3 + t3
x = t3 == t3
x = t3 < (1, 2, 4)
a.reverse()
a.sort()
lst.sort()
lst.sort(key=None)
x = a.index(1)
x = a.count(1)
x = a.copy()
x = d.get(1)
x = d.get(99)
x = d.get(99, 1)
x = d.items()
x = d.keys()
x = d.copy()
d.update({})
d.setdefault(1, 2)
x = nt.x
x = nt[0]
x = NT(1, 2)
x, y = nt
dq.append(1)
dq.appendleft(1)
x = dq.popleft()
x = dq[0]
x = len(dq)
ar.append(1)
ba.append(1)
ba.extend(b'a')
import time
import sys as q
from time import sleep_ms
from time import sleep_ms, ticks_ms
x = time.ticks_ms() and 1
x = time.ticks_diff(5, 3)
x = time.ticks_add(5, 3)
x = big
x = big == 5
x = n << 3
x = n if n else 1
x = n and 1 or 2
x = not n
x = n is None
x = 1 < n < 10
global gx; gx = 5
del d[1]; d[1] = 2
assert n
x = n; x += 1
x = fl; x += 1
pass
x = micropython.const(5)
x = lst[0] if lst else None
x = st.format
x = print
x = bool(fl)
x = fl or 1
x = [0] * 0
x = ()+()
x = globals()
x = locals()
x = __name__
x = isinstance(c, C)
x = (yield)
x = Ellipsis
x = NotImplemented
x = object()
x = type('a', (), {})
x = super
x = int.from_bytes(b'ab', 'little')
x = n.to_bytes(2, 'little')
x = pow(2, 3)
x = pow(2, 3, 5)
x = bin(5)
x = ba[1:1]
x = a[1:1]
x = st[1:1]
x = t3[1:1]
x = t3[:]
x = by[:]
x = a is a
x = 'x' if c else 'y'
x = mv == ba
x = by == ba
x = 1 + True
x = True + True
x = 0x3fffffff
x = ~n
x = n | 1
x = n >> 1
x = st[n - 5]
x = (lambda: 5)()
x = (lambda y: y)(5)
q = 1\\ndef h(): return q
q = 1\\nx = lambda: q
q = [1]\\nfor x in q: pass
while True: break
for x in a:\\n    if x: break\\nelse: x = 3
x: int = 5
x = y = z = r
x = d['a']
x = d.pop('a', 1)
x = d.popitem if 0 else 1
x = OrderedDict
x = a.pop()
x = l1.pop()
a.append(1)
l1.append(1)
a.extend(t3)
a.insert(0, 1)
a.clear()
del a[0]
'''.strip().split('\n')
res = []
for sn in snips:
    sn = sn.replace('\\n', '\n')
    src = 'def f():\n' + '\n'.join('    ' + q for q in sn.split('\n')) + '\n'
    ns = globals()
    a = [0, 1, 2, 3]; d = {1: 2, 'a': 3}; l1=[1]; s = {1,2}; ba = bytearray(b'hello'); mv = memoryview(ba)
    dq = deque((), 5); dq.append(1); dq.append(2); lst=[5,3,1]; ar = array('h', [1, 2, 3]); n = 5
    c.v=1; c.w=2
    e = None
    def f(): pass
    try:
        exec(src, ns)
    except Exception as ex:
        print(repr(sn), 'compile', type(ex)); continue
    out = 'ok'
    micropython.heap_lock()
    try:
        f()
    except MemoryError:
        out = 'MemoryError'
    except Exception as ex:
        micropython.heap_unlock()
        out = repr(ex)
        micropython.heap_lock()
    micropython.heap_unlock()
    print(repr(sn), out)
