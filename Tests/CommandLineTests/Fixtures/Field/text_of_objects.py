try: __import__("")
except ValueError as e: print(repr(e))
class R(list):
    def __repr__(self): return 'R'
print(R([1,2]), [R([1])], str(R()), repr(R()))
class S(list):
    def __str__(self): return 'S'
print(S([1,2]), [S([1])], str(S()), repr(S()))
class E(Exception):
    def __repr__(self): return 'E!'
print(E(1), [E(2)], E(), repr(E()))
class M:
    def __str__(self): return 'M'
class X(Exception, M): pass
class Y(M, Exception): pass
print(X(1), Y(1), repr(X(1)), repr(Y(1)))
class B:
    def __repr__(self): return 'B'
class C(B): pass
print(C(), str(C()), repr(C()))
class D(B): 
    def __str__(self): return 'D'
print(D(), str(D()), repr(D()))
class I(int):
    def __str__(self): return 'I'
print(I(1), repr(I(1)), [I(2)], '%s %d' % (I(3), I(3)), '{} {!r}'.format(I(4), I(4)))
class T(str):
    def __repr__(self): return 'T'
print(T('a'), repr(T('b')), [T('c')])
import sys
for e in (X(1), Y(1), E(3), E()):
    sys.print_exception(e)
class O(Exception):
    def __repr__(self): return 5
print(O(1))
print(repr(O(1)))
import json
print(json.dumps([R(), S(), E(1)]) if 1 else '')
def f(**k): pass
try:
    class Q(metaclass=type): pass
except BaseException as e: print(repr(e))
try:
    class Q(object, x=1): pass
except BaseException as e: print(repr(e))
