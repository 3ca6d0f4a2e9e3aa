"""Statements about one subject each, where a grammar of plain expressions seldom gets: protocols of generators and
descriptors, formatting, slices of buffers, big integers, containers that change under a loop, hostile lengths, modules."""

BIG = ["0", "1", "-1", "2**31", "-(2**31)", "2**62 - 1", "-(2**62)", "2**64", "10**20", "-(10**20)", "3**100", "-(7**50)"]
SMALL = ["0", "1", "-1", "2", "3", "7", "-5", "13", "31", "32", "63", "64", "100"]
FLOATS = ["0.0", "-0.0", "1.5", "-2.25", "1e10", "1e-10", "3.14159", "123456.0", "1e30", "float('inf')", "float('nan')", "0.1"]
TEXTS = ["''", "'a'", "'abc'", "'  x '", "'12'", "'-0x1f'", "'1e3'", "'a,b,,c'", "'{}'", "'%'", "'\\u20ac'", "'A\\tb\\n'"]
BYTES = ["b''", "b'abc'", "b'\\x00\\xff'", "bytearray(b'hello')", "memoryview(b'abcdef')", "bytes(range(5))"]


class Subjects:
    """For `Program`, which has `random`, `line`, `pick` and `fresh`."""

    def subject(self):
        self.random.choice([
            self.generator_protocol, self.descriptor, self.inheritance, self.star_arguments, self.formatting,
            self.percent_formatting, self.buffer_slices, self.array_items, self.big_integers, self.parsing,
            self.changing_container, self.sorting, self.leaving, self.recursion, self.source, self.json,
            self.regular_expression, self.packing, self.digests, self.queues, self.lengths, self.ranges, self.set_operations,
            self.text_methods, self.comprehension_scopes, self.closures])()

    def each(self, lines):
        """Shows expressions, each in a try of its own."""
        for text in lines:
            self.line("try:")
            self.line(f"    show({text})")
            self.line("except Exception as error:")
            self.line("    show_error(error)")

    def integer_of(self, texts):
        return self.random.choice(texts)

    # Protocols

    def generator_protocol(self):
        name = self.fresh("gen")
        self.line(f"def {name}():")
        self.line("    got = None")
        self.line(f"    for step in range({self.random.randint(1, 4)}):")
        self.line("        try:")
        self.line(f"            got = yield {self.pick('step', 'got', '(step, got)', '[got]')}")
        kind = self.pick("ValueError", "GeneratorExit", "Exception", "BaseException")
        self.line(f"        except {kind} as caught:")
        self.line(f"            {self.pick('got = type(caught).__name__', 'return 5', 'raise', 'yield 99', 'raise KeyError(1)', 'continue')}")
        self.line("        finally:")
        self.line(f"            {self.pick('show(1)', 'got = 8', 'pass')}")
        self.line(f"    return {self.pick('got', '7', 'None')}")
        outer = self.fresh("outer")
        self.line(f"def {outer}():")
        self.line(f"    result = yield from {name}()")
        self.line("    show(result)")
        self.line(f"    {self.pick('yield result', 'return result', 'pass')}")
        self.line(f"it = {self.pick(name, outer)}()")
        self.each(self.random.choice([
            "next(it)", "it.send(None)", "it.send(3)", "it.throw(ValueError)", "it.throw(ValueError('v'))", "it.throw(KeyError, 'k')",
            "it.close()", "list(it)", "it.throw(GeneratorExit)", "next(it, 'end')", "it.throw(5)"]) for _ in range(self.random.randint(2, 6)))

    def descriptor(self):
        name = self.fresh("D")
        self.line(f"class {name}:")
        for method, rest in [("__get__", "obj, kind"), ("__set__", "obj, value"), ("__delete__", "obj"), ("__set_name__", "owner, name")]:
            if self.random.random() < 0.6:
                self.line(f"    def {method}(self, {rest}):")
                self.line(f"        {self.pick('return 5', 'show(1)', 'raise AttributeError(2)')}")
        self.line("    def get(self): return 1")
        owner = self.fresh("Owner")
        self.line(f"class {owner}:")
        self.line(f"    d = {name}()")
        self.line("    @property")
        self.line(f"    def p(self): {self.pick('return 3', 'raise AttributeError', 'raise ValueError', 'return self.nothing')}")
        if self.random.random() < 0.5:
            self.line("    @p.setter")
            self.line("    def p(self, value): show(value)")
        if self.random.random() < 0.5:
            self.line("    def __getattr__(self, name):")
            self.line(f"        {self.pick('return name', 'raise AttributeError(name)', 'return 4')}")
        self.line(f"o = {owner}()")
        self.each(self.random.sample([
            "o.d", "o.p", "setattr(o, 'd', 4)", "setattr(o, 'p', 4)", "delattr(o, 'd')", "delattr(o, 'p')", "hasattr(o, 'p')", "o.other",
            f"{owner}.d", "getattr(o, 'q', 1)", "o.d", f"isinstance({owner}.p, property)"], 6))

    def inheritance(self):
        names = [self.fresh("K") for _ in range(4)]
        bases = ["", names[0], names[0], f"{names[1]}, {names[2]}"]
        for name, base in zip(names, bases):
            self.line(f"class {name}({base}):")
            self.line("    def __init__(self, *a, **k):")
            self.line(f"        show(('{name}', a))")
            if base and self.random.random() < 0.7:
                self.line("        super().__init__(*a)")
            for method in self.random.sample(["m", "n", "__eq__", "__lt__", "__getitem__", "__len__", "__call__"], 2):
                self.line(f"    def {method}(self, *a):")
                self.line(f"        return {self.pick('len(a)', 'True', '2', 'super().' + method + '(*a)')}")
            if self.random.random() < 0.3:
                self.line("    @classmethod")
                self.line("    def c(cls, *a): return cls.__name__")
        self.line(f"o = {self.pick(*names)}(1, 2)")
        self.each(self.random.sample([
            "o.m(1)", "o.n()", "o == o", "o < 3", "o[1]", "len(o)", "o()", "o.c()", f"isinstance(o, {names[0]})",
            f"issubclass({names[3]}, ({names[1]}, int))", f"{names[0]}.m(o, 1)", "bool(o)", "o != 1", "list(o)[:3]", f"{names[3]}.__bases__ == ()"], 6))

    def star_arguments(self):
        name = self.fresh("star")
        self.line(f"def {name}({self.pick('a', 'a, b=2', '*a', 'a, *b', '*, a', 'a, *, b=3', '**a', 'a, **b', 'a=1, *b, c=4, **d')}):")
        self.line("    return sorted(str(v) if not isinstance(v, dict) else str(sorted(v.items())) for v in locals().values())[:0] or 1")
        calls = ["1", "1, 2", "*[1, 2]", "a=1", "*(1,), b=2", "**{'a': 1}", "1, **{'a': 2}", "*'ab', c=1", "", "1, *[], **{}", "1, 2, 3, x=5", "*5", "**5", "**{1: 2}"]
        self.each(f"{name}({call})" for call in self.random.sample(calls, 5))

    # Text

    def formatting(self):
        flags = self.pick("", "<", ">", "^", "=", "*<", "0", "#", "+", " ", "-", "+0", "#0", " =")
        width = self.pick("", "1", "8", "12", "04")
        precision = self.pick("", ".0", ".3", ".10")
        values = self.random.sample(BIG + SMALL + FLOATS + TEXTS + ["True", "None", "[1]", "b'x'", "(1, 2)"], 4)
        for value in values:
            kind = self.pick("", "d", "x", "X", "o", "b", "c", "e", "f", "g", "G", "%", "s", ",", ",d", "n", "z")
            self.each([f"'{{:{flags}{width}{precision}{kind}}}'.format({value})"])
        self.each([self.pick("'{0}{1}{0}'.format(1, 2)", "'{a}{b!r}'.format(a=1, b='x')", "'{}{1}'.format(1, 2)", "'{:{}}'.format(5, 4)",
                             "'{0[1]}'.format([1, 2])", "'{0.x}'.format(1)", "'{'.format(1)", "'}'.format(1)", "'{{}}'.format()", "'{!z}'.format(1)", "'{:>{w}}'.format('a', w=5)")])

    def percent_formatting(self):
        for value in self.random.sample(BIG + SMALL + FLOATS + TEXTS + ["(1, 2)", "{'a': 1}", "[1]", "b'x'", "(1,)"], 5):
            spec = self.pick("", "-", "0", "+", " ", "#", "-5", "05", "+8", "*", "8.3", ".2", "(a)")
            kind = self.pick("d", "i", "u", "x", "X", "o", "e", "f", "g", "s", "r", "c", "%", "q")
            self.each([f"'[%{spec}{kind}]' % {value}"])

    def parsing(self):
        texts = TEXTS + ["'0b101'", "'0o17'", "'1_000'", "' 42 '", "'+5'", "'--5'", "'0x'", "'nan'", "'-inf'", "'1.5e400'", "'.5'", "'5.'", "'1e'", "'z9'", "'9' * 30"]
        for text in self.random.sample(texts, 5):
            self.each([self.pick(f"int({text})", f"int({text}, {self.pick(0, 2, 8, 10, 16, 36, 37, 1)})", f"float({text})", f"complex({text})", f"bool({text})")])

    def text_methods(self):
        # MicroPython reads beyond a string that it centres in less than nothing.
        text = self.pick("'abcabc'", "'  padded  '", "'a,b,,c'", "'\\u20ac\\u00e9x'", "b'abcabc'", "bytearray(b'a b c')", "'AbC dEf'")
        prefix = "b" if not text.startswith("'") else ""
        calls = [f".find({prefix}'c', {self.pick(*SMALL)})", f".rfind({prefix}'b', 1, {self.pick(*SMALL)})", f".split({prefix}'b', {self.pick(0, 1, -1, 5)})",
                 f".rsplit(None, {self.pick(0, 1, -1)})", f".replace({prefix}'a', {prefix}'xx', {self.pick(0, 1, 2, -1)})", f".count({prefix}'')", f".index({prefix}'z')",
                 f".strip({prefix}'a ')", f".startswith({prefix}'b', 1)", f".partition({prefix}'c')", f".rpartition({prefix}'c')", ".splitlines(True)", f".center(abs({self.pick(*SMALL)}))",
                 ".isspace()", ".isalpha()", ".isupper()", f".join([{prefix}'x', {prefix}'y'])", f"[{self.pick(*SMALL)}]", f"[{self.pick(*SMALL)}:{self.pick(*SMALL)}]",
                 f"[::{self.pick(1, 2, -1, 0)}]", f" * {self.pick(*SMALL)}", f" + {self.pick(*TEXTS, *BYTES)}", f" < {self.pick(*TEXTS, *BYTES)}", f" in {self.pick(*TEXTS, *BYTES)}"]
        self.each(f"({text}{call})" for call in self.random.sample(calls, 6))

    # Buffers

    def buffer_slices(self):
        name = self.fresh("buf")
        self.line(f"{name} = {self.pick('bytearray(b' + repr('hello world') + ')', 'bytearray(6)', 'memoryview(bytearray(8))', '[1, 2, 3, 4, 5]')}")
        for _ in range(self.random.randint(2, 5)):
            a, b = self.random.choice(["", *SMALL[:9]]), self.random.choice(["", *SMALL[:9]])
            step = self.pick("", "", "", ":1", ":2", ":-1")
            value = self.pick(*BYTES, "[1, 2]", "(3,)", name, f"{name}[1:]", "5", "'ab'")
            self.line("try:")
            self.line(f"    {self.pick(f'{name}[{a}:{b}{step}] = {value}', f'{name}[{a or 0}] = {self.pick(*SMALL)}', f'del {name}[{a}:{b}]', f'{name} += {value}', f'{name}.extend({value})', f'{name}.append({self.pick(*SMALL)})')}")
            self.line("except Exception as error:")
            self.line("    show_error(error)")
            self.line(f"show(list({name}))")

    def array_items(self):
        code = self.pick(*"bBhHiIqQfd")
        self.line("from array import array")
        self.each([
            f"array('{code}', [{self.pick(*SMALL[:8])}, {self.pick(*SMALL)}])", f"array('{code}', {self.pick(*BYTES)})", f"array('{code}', [1, 2, 3])[{self.pick('1:', '::2', '-1', '5')}]",
            f"array('{code}', [1]) + array('{code}', [2])", f"array('{code}', [1]) == array('{code}', [1])", f"bytes(array('{code}', [1, 2]))", f"len(memoryview(array('{code}', [1, 2])))",
            f"array('{code}', {self.pick('5', '[None]', 'iter([1, 2])', 'range(3)')})", f"2 in array('{code}', [1, 2])"])

    # Numbers

    def big_integers(self):
        for _ in range(5):
            x, y, z = (self.pick(*BIG) for _ in range(3))
            self.each([self.pick(
                f"({x}) {self.pick('+', '-', '*', '//', '%', '&', '|', '^', '==', '<')} ({y})", f"({x}) {self.pick('<<', '>>')} {self.pick(*SMALL)}", f"divmod({x}, {y})",
                f"pow({x}, {self.pick(*SMALL)}, {z})", f"pow({x}, {self.pick(*SMALL[:6])})", f"-({x})", f"~({x})", f"abs({x})", f"({x}).to_bytes({self.pick(1, 4, 16)}, '{self.pick('little', 'big')}')",
                f"int.from_bytes({self.pick(*BYTES[:3])}, 'big')", f"hex({x})", f"bin({x})", f"oct({x})", f"str({x})", f"float({x})", f"int({self.pick(*FLOATS)})", f"({x}) / ({y})", f"round({self.pick(*FLOATS)}, {self.pick(-1, 0, 1, 2)})", f"({self.pick(*FLOATS)}) {self.pick('//', '%', '**', '/')} ({self.pick(*FLOATS)})", f"bool({x})", f"({x}) ** {self.pick('-1', '0', '2')}")])

    def lengths(self):
        self.each(self.random.sample([
            "b'x' * 10**12", "[0] * -1", "'a' * (1 << 40)", "bytearray(10**12)", "bytes(-1)", "[1] * 2**62", "(1,) * 10**12", "1 << 10**9", "'%*d' % (10**9, 1)", "'{:1000000000}'.format(1)",
            "bytearray(2**31)", "list(range(3)) * 2**40", "'abc'.center(10**10)", "range(10**12)[-1]", "b'' * 10**18", "'' * -5", "[[]] * 3", "bytearray(-5)", "int('1' + '0' * 400)", "(5).to_bytes(10**10, 'little')"], 5))

    def ranges(self):
        a, b, c = self.pick(*SMALL), self.pick(*SMALL), self.pick("1", "2", "-1", "-3", "0")
        self.each([f"range({a}, {b}, {c})", f"list(range({a}, {b}, {c}))[:9]", f"len(range({a}, {b}, {c}))", f"range({a}, {b})[{self.pick('0', '-1', '1:3', '::-1', '::2', '50')}]",
                   f"{self.pick(*SMALL)} in range({a}, {b}, {c})", f"list(reversed(range({a})))[:5]", f"range({a}) == range({b})"])

    # Containers

    def changing_container(self):
        name = self.fresh("box")
        self.line(f"{name} = {self.pick('{1: 2, 3: 4}', '{1, 2, 3}', '[1, 2, 3]', 'dict(a=1, b=2)', 'set()')}")
        self.line("try:")
        self.line(f"    for item in bounded({self.pick(f'list({name})', name)}):")
        self.line(f"        {self.pick(f'{name}.pop()', f'{name}.clear()', f'{name}.copy()', f'show(item)', f'{name}.update([item])', f'{name}.pop(item)', f'{name}.remove(item)', f'{name}.discard(item)')}")
        self.line("except Exception as error:")
        self.line("    show_error(error)")
        self.each(self.random.sample([f"len({name})", f"sorted({name})", f"{name}.get(1)", f"{name}.setdefault(9, 8)", f"{name}.popitem() and 1", f"{name}.pop(77, 'no')", f"{name}.update({{5: 6}})", f"{name} == {name}.copy()", f"{name}.add(4)", f"sorted({name}.keys())", f"1 in {name}", f"{name}.fromkeys([1, 2], 3) and 2"], 4))

    def set_operations(self):
        sets = ["{1, 2, 3}", "{3, 4}", "set()", "frozenset([1, 5])", "{'a'}", "set('abc')"]
        for _ in range(4):
            x, y = self.pick(*sets), self.pick(*sets, "[1, 2]", "5")
            operation = self.pick(f"({x} {self.pick('|', '&', '-', '^')} {y})", f"{x}.{self.pick('union', 'intersection', 'difference', 'symmetric_difference')}({y})")
            self.each([f"sorted({operation}, key=str)", f"{x} {self.pick('<', '<=', '>', '>=', '==', '!=')} {y}", f"{x}.{self.pick('issubset', 'issuperset', 'isdisjoint')}({y})"])

    def sorting(self):
        self.each([
            f"sorted({self.pick('[3, 1, 2]', '[2, None]', repr('hello'), '[(2, 1), (1, 2)]', '[[2], [1]]', '{2: 1, 1: 0}')}, key={self.pick('None', 'str', 'lambda v: -v', 'lambda v: 1 // v', 'lambda v: v[0]', 'len')}, reverse={self.pick('True', 'False', '1', '0')})",
            f"{self.pick('max', 'min')}({self.pick('[3, 1]', '[]', '1, 2', repr('ab'))}, {self.pick('key=lambda v: -v', 'default=5', 'key=str')})",
            f"list({self.pick('zip([1, 2], (3, 4))', 'map(lambda a, b: a + b, [1, 2], [3])', 'filter(None, [0, 1])', 'enumerate([5], 3)', 'reversed((1, 2))')})"])

    # Control

    def leaving(self):
        name = self.fresh("leave")
        self.line(f"def {name}():")
        self.line("    for i in range(3):")
        self.line("        try:")
        self.line(f"            with Context({self.pick('True', 'False')}):")
        self.line(f"                {self.pick('raise ValueError(i)', 'return i', 'break', 'continue', 'show(i)', '1 // 0')}")
        if self.random.random() < 0.6:
            self.line(f"        except {self.pick('ValueError', 'Exception', 'ZeroDivisionError', '(KeyError, ValueError)')}:")
            self.line(f"            {self.pick('raise', 'return 7', 'raise KeyError', 'break', 'show(2)', 'continue')}")
        if self.random.random() < 0.4:
            self.line(f"        except BaseException:")
            self.line("            show(9)")
        self.line("        finally:")
        self.line(f"            {self.pick('show(3)', 'raise IndexError', 'pass', 'i += 1')}")
        self.line("    else:")
        self.line("        return 'else'")
        self.line("    return 'end'")
        self.each([f"{name}()"])

    def recursion(self):
        name = self.fresh("deep")
        self.line(f"def {name}(n): return {self.pick(f'n if n < 1 else {name}(n - 1) + 1', f'[n] if n < 1 else [{name}(n - 1)]', f'n or {name}(n)')}")
        self.each([f"{name}({self.pick(3, 8, 12)})"] if self.random.random() < 0.8 else [f"{name}(0.5)"])

    def source(self):
        text = self.pick("1 + 2", "a", "lambda: 5", "x = 3", "def f(): pass", "yield 1", "return 1", "(", "for i in (1, 2): show(i)", "[i for i in range(3)]", "import math; show(math.floor(2.5))", "x := 5", "not_there", "'\\\\x41'", "f'{1+1}'")
        self.each([f"{self.pick('eval', 'exec')}({text!r}, {self.pick('{}', 'globals()', '{' + repr('show') + ': show, ' + repr('a') + ': 1}')})"])

    def comprehension_scopes(self):
        self.each([self.pick(
            "[(lambda: i)() for i in range(3)]", "[f() for f in [lambda: i for i in range(3)]]", "{i: [j for j in range(i)] for i in range(3)}", "[i for i in range(5) if i % 2 if i > 1]",
            "sum(i * j for i in range(3) for j in range(i))", "list(i for i in (j for j in range(3)))", "{(i, i) for i in (1, 1)}", "[x for x in [y for y in 'ab']]", "[[i, k] for i, *k in [(1, 2, 3), (4,)]]")])

    def closures(self):
        name = self.fresh("make")
        self.line(f"def {name}(n):")
        self.line("    def inner(k=1):")
        self.line(f"        {self.pick('nonlocal n', 'm = n')}")
        self.line(f"        {self.pick('n = n + k', 'n = [n]', 'del n', 'm = k')}")
        self.line("        return n")
        self.line("    return inner")
        self.line(f"try:")
        self.line(f"    c1, c2 = {name}(1), {name}(10)")
        self.line("    show([c1(), c1(2), c2(k=3), c1()])")
        self.line("except Exception as error:")
        self.line("    show_error(error)")

    # Modules

    def json(self):
        self.line("import json")
        texts = ["'[1, 2.5, null, true]'", "'{\"a\": [{}]}'", "'\"\\\\u0041\\\\n\"'", "'[1,'", "'{1: 2}'", "'nul'", "''", "' 5 '", "'-0.5e2'", "'\"abc'", "'[1 2]'", "'{\"a\":}'", "'1e999'"]
        values = ["[1, 2.5, None, True]", "{'a': [1, (2, 3)]}", "'q\\\"\\n\\u20ac\\x01'", "{1: 2}", "b'x'", "{1, 2}", "2**70", "[[], {}]", "{None: 1}"]
        self.each([f"json.loads({self.pick(*texts)})", f"json.dumps({self.pick(*values)})", f"json.loads(json.dumps({self.pick(*values)}))", f"json.dumps([1, {{'a': 2}}], separators={self.pick('(1, 2)', repr((',', ':')), repr(('; ', '=')))})"])

    def regular_expression(self):
        self.line("import re")
        pattern = self.pick("a+", "(a|b)*c", "[a-c]+", "[^a]", "^a.c$", "(a)(b)?", "a*?b", "\\\\d+\\\\s*", "\\\\w", "(?:ab)+", "a{2}", "[", "(", "*", "", "(a*)*", "x|", "[a-]", "\\\\.", "(((a)))")
        text = self.pick("'abc'", "'aaab'", "'12 ab'", "''", "'a.c'", "'xyz' * 3", "'ab\\nac'")
        self.each([f"re.{self.pick('match', 'search')}('{pattern}', {text}).group({self.pick(0, 1, 2, 9)})", f"re.sub('{pattern}', {self.pick(repr('-'), repr(chr(92) + '1'), 'lambda m: m.group(0) * 2')}, {text})", f"re.compile('{pattern}').split({text}, {self.pick(0, 1, 2)})", f"re.search('{pattern}', {text}).{self.pick('start()', 'end()', 'span()', 'groups()')}"])

    def packing(self):
        self.line("import struct")
        order = self.pick("", "<", ">", "!", "=", "@")
        codes = "".join(self.pick("b", "B", "h", "H", "i", "I", "l", "L", "q", "Q", "f", "d", "3s", "x", "2b", "0s", "s", "e", "z", "2") for _ in range(self.random.randint(1, 3)))
        if order in ("", "@", "="):
            codes = codes.replace("l", "i").replace("L", "I")
        values = ", ".join(self.pick(*SMALL, "1.5", "b'ab'", "300", "-40000", "2**33", "None", "'a'") for _ in range(self.random.randint(1, 3)))
        self.each([f"struct.calcsize('{order}{codes}')", f"struct.pack('{order}{codes}', {values})", f"struct.unpack('{order}{codes}', {self.pick(*BYTES)} + bytes({self.pick(0, 5, 20)}))", f"struct.unpack_from('{order}{codes}', bytes(40), {self.pick(*SMALL)})"])

    def digests(self):
        self.line("import binascii, hashlib")
        data = self.pick(*BYTES)
        self.each([f"binascii.hexlify({data})", f"binascii.unhexlify({self.pick(repr('616'), repr('6162'), repr(b'zz'), repr(''))})", f"binascii.b2a_base64({data})", f"binascii.a2b_base64({self.pick(repr('YWI='), repr('YW'), repr(b'****'), repr('Y W I ='))})", f"binascii.crc32({data})", f"hashlib.sha256({data}).digest()", f"binascii.hexlify({data}, ':')"])

    def queues(self):
        self.line("import heapq")
        self.line("from collections import deque, namedtuple, OrderedDict")
        name = self.fresh("queue")
        self.line(f"{name} = {self.pick('deque((), 3)', 'deque([1, 2], 2)', 'deque((), 2, 1)', '[3, 1, 2]')}")
        calls = [f"{name}.append({{}})", f"{name}.appendleft(5)", f"{name}.pop()", f"{name}.popleft()", f"list({name})", f"len({name})", f"heapq.heapify({name})", f"heapq.heappush({name}, 2)", f"heapq.heappop({name})", f"{name}[{self.pick(*SMALL)}]", f"bool({name})", f"{name}.extend([7, 8, 9])", f"1 in {name}"]
        self.each(call.replace("{}", self.pick(*SMALL)) for call in self.random.sample(calls, 6))
        self.each([f"namedtuple('P', {self.pick(repr('x y'), '[' + repr('x') + ']', '()')})({self.pick('1', '1, 2', 'x=1', 'y=1, x=2', '')})", "OrderedDict([(1, 2), (0, 3)])", "OrderedDict(b=1, a=2).popitem()"])
