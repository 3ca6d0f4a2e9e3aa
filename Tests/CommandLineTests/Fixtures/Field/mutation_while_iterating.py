import random
from collections import deque, OrderedDict
from array import array
random.seed(7)
def R(n): return random.getrandbits(16)%n
def show(*a): print(*a)
for trial in range(400):
    kind = R(7)
    n = R(6)
    if kind == 0:
        cap = 1+R(6)
        c = deque([], cap)
        for i in range(R(9)): c.append(i)
        for i in range(R(3)):
            if len(c): c.popleft()
        ops = [lambda: c.append(R(100)), lambda: c.appendleft(R(100)), lambda: c.popleft(), lambda: c.pop()]
    elif kind == 1:
        c = list(range(n)); ops=[lambda: c.append(R(100)), lambda: c.pop(), lambda: c.insert(0,R(100)), lambda: c.pop(0), lambda: c.clear(), lambda:c.sort(), lambda:c.reverse()]
    elif kind == 2:
        c = {i: i*2 for i in range(n)}; ops=[lambda: c.update({R(50):1}), lambda: c.pop(R(8)), lambda: c.popitem(), lambda: c.clear(), lambda:c.setdefault(R(9),4)]
    elif kind == 3:
        c = set(range(n)); ops=[lambda: c.add(R(50)), lambda: c.discard(R(8)), lambda: c.pop(), lambda: c.clear(), lambda: c.update({R(40)})]
    elif kind == 4:
        c = OrderedDict([(i,i) for i in range(n)]); ops=[lambda: c.update({R(50):1}), lambda: c.pop(R(8)), lambda: c.popitem(), lambda:c.setdefault(R(9),4)]
    elif kind == 5:
        c = bytearray(range(n)); ops=[lambda: c.append(R(100)), lambda: c.extend(b'ab'), lambda: c.__setitem__(slice(0,1), b'')]
    else:
        c = array('h', range(n)); ops=[lambda: c.append(R(100)), lambda: c.extend(array('h',[3,4]))]
    how = R(4)
    if kind in (2,4) and how == 1: it = iter(c.items())
    elif kind in (2,4) and how == 2: it = iter(c.values())
    elif kind in (0,1) and how == 1: it = iter(enumerate(c))
    elif kind in (1,5) and how == 2: it = reversed(c)
    elif how == 3: it = iter(zip(c, c))
    else: it = iter(c)
    out = [kind]
    for step in range(14):
        try:
            out.append(next(it))
        except StopIteration: out.append('stop')
        except Exception as e: out.append(repr(e))
        if R(3):
            o = R(len(ops))
            try: ops[o]()
            except Exception as e: out.append(type(e))
    try: out.append(list(c))
    except Exception as e: out.append(repr(e))
    print(out)
