"""Spoils programs: what comes out is mostly no Python any more, and some is none that anybody would write."""
import random

TOKENS = (
    "def class return yield await async lambda if else elif while for in not and or is try except finally raise with as"
    " import from global nonlocal del pass break continue None True False ( ) [ ] { } , : ; . = == != < > <= >= << >> +"
    " - * / // % ** & | ^ ~ @ := -> += <<= ** * 0 1 1e400 0x 0b2 1j 1_0 9999999999999999999999 'a' \"b\" b'\\xff' f'{'"
    " f'{x!r:>{y}}' ''' \\ \n \t \r \x00 \ufeff é # $ ? ! ` ... *a **b self __init__ super() micropython.const"
    " @micropython.viper @micropython.native @micropython.asm_thumb"
).split(" ")


def mutate(source, seed):
    """Bytes from the bytes of a program."""
    chance = random.Random(seed)
    data = bytearray(source)
    for _ in range(chance.randint(1, 6)):
        chance.choice([flip, delete, duplicate, insert_token, insert_byte, swap_lines, nest, indent, truncate, repeat])(
            data, chance
        )
        del data[200_000:]
    return bytes(data)


def span(data, chance, longest=40):
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.randint(1, longest))


def flip(data, chance):
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def delete(data, chance):
    start, end = span(data, chance)
    del data[start:end]


def duplicate(data, chance):
    start, end = span(data, chance, 200)
    place = chance.randint(0, len(data))
    data[place:place] = data[start:end]


def insert_token(data, chance):
    place = chance.randint(0, len(data))
    data[place:place] = (" " + chance.choice(TOKENS) + " ").encode()


def insert_byte(data, chance):
    data.insert(chance.randint(0, len(data)), chance.randrange(256))


def swap_lines(data, chance):
    lines = data.split(b"\n")
    a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    data[:] = b"\n".join(lines)


def nest(data, chance):
    place = chance.randint(0, len(data))
    opening = chance.choice([b"(", b"[", b"{", b"-", b"not ", b"lambda: ", b"f(", b"a[", b"[*", b"x if ", b"await "])
    data[place:place] = opening * chance.choice([5, 50, 500, 5000])


def indent(data, chance):
    place = chance.randint(0, len(data))
    data[place:place] = b"\n" + b" " * chance.choice([1, 3, 4, 8, 100]) + chance.choice([b"", b"if 1:\n", b"x\n"])


def truncate(data, chance):
    del data[chance.randint(0, len(data)):]


def repeat(data, chance):
    start, end = span(data, chance, 300)
    data[start:end] = bytes(data[start:end]) * chance.choice([2, 10, 200])
