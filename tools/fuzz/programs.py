"""Makes programs: valid ones from a grammar, each determined by its seed."""
import random

from prologue import PROLOGUE
from subjects import Subjects

NAMES = ["a", "b", "c", "d", "e", "x", "y", "z"]
# What most programs keep in some of them; the others hold anything.
INTEGERS = ["a", "b", "c"]
TEXTS = ["d", "e"]
LISTS = ["x", "y"]
START = "a, b, c, d, e, x, y, z = 1, 2, -7, 'abc', 'hello a', [1, 2, 3], [5, 0], {1: 2, 'a': 3}"
BINARY = ["+", "-", "*", "//", "%", "&", "|", "^"]
COMPARISONS = ["<", ">", "<=", ">=", "==", "!="]
STRING_METHODS = [
    ".upper()", ".lower()", ".strip()", ".split()", ".split('b')", ".replace('a', 'bc')", ".find('a')", ".count('a')",
    ".startswith('a')", ".endswith('b')", ".join(['x', 'y'])", ".encode()", ".partition('a')", ".rsplit('a', 1)",
    ".isdigit()", ".lstrip('a')", ".center(9)", ".index('a')", ".rfind('b')", ".splitlines()",
]
LIST_METHODS = [
    ".append({})", ".pop()", ".sort()", ".reverse()", ".extend([{}, {}])", ".index({})", ".count({})", ".insert(1, {})",
    ".copy()", ".remove({})", ".clear()", ".pop(0)",
]
ERRORS = ["ValueError", "TypeError", "KeyError", "IndexError", "RuntimeError", "ZeroDivisionError", "OSError(5)"]
SPECIAL = ["__add__", "__sub__", "__mul__", "__eq__", "__lt__", "__getitem__", "__contains__", "__len__", "__call__",
           "__str__", "__repr__", "__hash__", "__iter__", "__bool__", "__radd__", "__iadd__", "__neg__", "__getattr__"]


class Program(Subjects):
    """One program. `text` is its source."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.depth = 0
        self.functions = []
        self.generators = []
        self.classes = []
        self.counter = 0
        self.in_function = self.in_loop = self.in_generator = False
        self.line(START)
        for _ in range(self.random.randint(4, 12)):
            self.guarded(self.random.choice(
                [self.definition, self.class_definition, self.block, self.block, self.subject, self.subject]))
        for name in self.functions + self.generators:
            call = f"{name}({', '.join(self.atom() for _ in range(self.random.randrange(3)))})"
            self.guarded(lambda: self.line(f"show({call if name in self.functions else f'list(bounded({call}))'})"))
        for name in NAMES:
            self.line(f"show({name})")
        self.text = PROLOGUE + "\n".join(self.lines) + "\n"

    def line(self, text):
        self.lines.append("    " * self.depth + text)

    def pick(self, *choices):
        return self.random.choice(choices)

    def fresh(self, prefix):
        self.counter += 1
        return f"{prefix}{self.counter}"

    # Statements

    def guarded(self, body):
        self.line("try:")
        self.indented(body)
        self.line("except Exception as error:")
        self.line("    show_error(error)")

    def indented(self, body):
        self.depth += 1
        before = len(self.lines)
        body()
        if len(self.lines) == before:
            self.line("pass")
        self.depth -= 1

    def block(self):
        for _ in range(self.random.randint(1, 4)):
            if self.depth < 4 and self.random.random() < 0.5:
                self.guarded(self.statement)
            else:
                self.statement()

    def statement(self):
        simple = [self.assign, self.assign, self.augment, self.show, self.unpack, self.method_call, self.store_item,
                  self.delete, self.simple_flow]
        if self.depth < 5:
            simple += [self.branch, self.loop, self.while_loop, self.try_statement, self.with_statement]
        self.random.choice(simple)()

    def assign(self):
        if self.random.random() < 0.3:
            self.line(f"{self.target()} = {self.expression()}")
        else:
            name = self.name()
            self.line(f"{name} = {self.typed(name)}")

    def augment(self):
        if self.random.random() < 0.3:
            self.line(f"{self.name()} {self.pick(*BINARY)}= {self.expression()}")
        else:
            self.line(f"{self.pick(*INTEGERS)} {self.pick(*BINARY)}= {self.integer()}")

    def show(self):
        self.line(f"show({self.expression()})")

    def unpack(self):
        names = self.random.sample(NAMES, 3)
        star = self.random.randrange(4)
        if star < 3:
            names[star] = "*" + names[star]
        self.line(f"{', '.join(names)} = {self.iterable()}")

    def method_call(self):
        method = self.pick(*LIST_METHODS)
        self.line(f"show({self.name()}{method.format(*[self.atom() for _ in range(method.count('{}'))])})")

    def store_item(self):
        self.line(f"{self.name()}[{self.subscript()}] = {self.expression()}")

    def delete(self):
        self.line(self.pick(f"del {self.name()}[{self.subscript()}]", f"assert {self.expression()}"))

    def simple_flow(self):
        choices = [f"raise {self.pick(*ERRORS)}"]
        if self.in_loop:
            choices += ["break", "continue"]
        if self.in_function:
            choices.append(f"return {self.expression()}")
        if self.in_generator:
            choices += [f"{self.name()} = yield {self.expression()}", f"yield from {self.iterable()}"] * 2
        self.line(f"if {self.condition()}:")
        self.line("    " + self.pick(*choices))

    def branch(self):
        self.line(f"if {self.condition()}:")
        self.indented(self.block)
        if self.random.random() < 0.3:
            self.line(f"elif {self.condition()}:")
            self.indented(self.block)
        if self.random.random() < 0.5:
            self.line("else:")
            self.indented(self.block)

    def loop(self):
        target = self.pick(self.name(), f"{self.name()}, {self.name()}")
        self.line(f"for {target} in bounded({self.iterable()}):")
        self.loop_body()

    def while_loop(self):
        counter = self.fresh("n")
        self.line(f"{counter} = 0")
        self.line(f"while {counter} < {self.random.randint(1, 5)} and {self.condition()}:")
        self.line(f"    {counter} += 1")
        self.loop_body()

    def loop_body(self):
        outer, self.in_loop = self.in_loop, True
        self.indented(self.block)
        self.in_loop = outer
        if self.random.random() < 0.2:
            self.line("else:")
            self.indented(self.block)

    def try_statement(self):
        self.line("try:")
        self.indented(self.block)
        kind = self.random.randrange(3)
        if kind < 2:
            self.line(self.pick("except (ValueError, TypeError):", "except Exception as error:", "except LookupError:"))
            self.indented(self.block)
        if kind > 0:
            self.line("finally:")
            # Leaving a loop from here is a warning elsewhere.
            outer, self.in_loop = self.in_loop, False
            self.indented(self.block)
            self.in_loop = outer

    def with_statement(self):
        self.line(f"with Context({self.pick('True', 'False')}) as {self.name()}:")
        self.indented(self.block)

    # Definitions

    def definition(self, method=False):
        name = self.fresh("f")
        is_generator = self.random.random() < 0.3
        state = (self.in_function, self.in_generator, self.in_loop)
        self.in_function, self.in_generator, self.in_loop = not is_generator, is_generator, False
        if self.random.random() < 0.1:
            self.line(self.pick("@decorate", "@decorate_with(1)"))
        self.line(f"def {name}({self.parameters(method)}):")
        if not method and self.random.random() < 0.3:
            self.line(f"    global {self.fresh('h')}")
        self.indented(self.function_body)
        self.in_function, self.in_generator, self.in_loop = state
        if is_generator and not method:
            self.generators.append(name)
        elif not method:
            self.functions.append(name)
        return name

    def function_body(self):
        if self.random.random() < 0.8:
            self.line(START)
        if self.in_generator:
            self.line(f"yield {self.atom()}")
        self.block()
        if self.depth < 4 and self.random.random() < 0.3:
            inner = self.fresh("g")
            self.line(f"def {inner}(q):")
            self.line(f"    return [q, {self.name()}]")
            self.line(f"show({inner}({self.atom()}))")

    def parameters(self, method):
        parts = ["self"] if method else []
        parts += [f"p{i}" for i in range(self.random.randint(0, 2))]
        parts += [f"{name}={self.literal()}" for name in self.random.sample(["q", "r", "s"], self.random.randint(0, 2))]
        if self.random.random() < 0.3:
            parts.append("*rest")
            if self.random.random() < 0.5:
                parts.append("k=1")
        if self.random.random() < 0.2:
            parts.append("**more")
        return ", ".join(parts)

    def class_definition(self):
        name = self.fresh("C")
        bases = self.random.sample(self.classes, min(len(self.classes), self.random.randrange(3)))
        if not bases and self.random.random() < 0.2:
            bases = [self.pick("list", "dict", "Exception", "object")]
        self.line(f"class {name}({', '.join(bases)}):")
        self.depth += 1
        self.line(f"attribute = {self.literal()}")
        for special in self.random.sample(SPECIAL, self.random.randint(0, 4)):
            self.line(f"def {special}(self, *rest):")
            result = {"__len__": "3", "__str__": "'text'", "__repr__": "'repr'", "__hash__": "7", "__bool__": "False",
                      "__iter__": "iter([1, 2])"}.get(special, self.literal())
            self.line(f"    return {result}")
        for _ in range(self.random.randrange(3)):
            if self.random.random() < 0.3:
                self.line(self.pick("@staticmethod", "@classmethod", "@property"))
            self.definition(method=True)
        self.depth -= 1
        if not bases or bases[0].startswith("C"):
            self.classes.append(name)
        self.line(f"{self.name()} = {name}()")

    # Expressions that mostly succeed

    def typed(self, name):
        if name in INTEGERS:
            return self.integer()
        if name in TEXTS:
            return self.string()
        return self.sequence() if name in LISTS else self.expression()

    def integer(self, depth=0):
        if depth > 2 or self.random.random() < 0.3:
            return self.pick(*INTEGERS, *INTEGERS, "0", "1", "2", "3", "17", "-1", "-20", "1000", "0x7fffffff", "10**12")
        i = lambda: self.integer(depth + 1)
        return self.pick(
            f"({i()} {self.pick(*BINARY)} {i()})", f"({i()} {self.pick(*BINARY)} {i()})", f"len_of({self.sequence(depth + 1)})",
            f"({i()} {self.pick('<<', '>>')} {self.random.randint(0, 9)})", f"(-{i()})", f"(~{i()})", f"abs({i()})",
            f"divmod({i()}, {self.random.randint(1, 9)})[{self.random.randrange(2)}]", f"min({i()}, {i()})",
            f"int(str({i()}))", f"({i()} if {i()} < {i()} else {i()})", f"sum(bounded({self.sequence(depth + 1)}))",
            f"(({i()}) & 0xff) ** {self.random.randint(0, 4)}", f"{self.sequence(depth + 1)}[{self.random.randint(-2, 2)}]",
            f"ord(chr(({i()}) & 0x7f))", f"hash_of({i()})", f"pow({i()}, 3, 7)")

    def string(self, depth=0):
        if depth > 2 or self.random.random() < 0.3:
            return self.pick(*TEXTS, *TEXTS, "'a'", "'abc'", "'hello'", "''", "'x y'", "'0'")
        t = lambda: self.string(depth + 1)
        return self.pick(
            f"({t()} + {t()})[:99]", f"({t()} * 2)[:99]", f"str({self.integer(depth + 1)})", f"{t()}{self.pick('.upper()', '.strip()')}",
            f"{t()}[{self.random.randint(-3, 3)}:]", f"{t()}[::{self.pick(-1, 2)}]", f"{t()}.replace('a', {t()})[:99]",
            f"'%d:%s' % ({self.integer(depth + 1)}, {t()})", f"'{{:>6}}|{{}}'.format({t()}, {self.integer(depth + 1)})",
            f"repr({t()})[:99]", f"'-'.join([{t()}, {t()}])[:99]", f"hex({self.integer(depth + 1)})")

    def sequence(self, depth=0):
        if depth > 2 or self.random.random() < 0.3:
            return self.pick(*LISTS, *LISTS, "[1, 2, 3]", "[5]", "[4, 4, 0]")
        return self.pick(
            f"[{self.integer(depth + 1)}, {self.integer(depth + 1)}]", f"list(range({self.random.randint(0, 6)}))",
            f"{self.sequence(depth + 1)}[{self.random.randint(-2, 2)}:]", f"sorted({self.sequence(depth + 1)})",
            f"[v * {self.integer(depth + 1)} for v in bounded({self.sequence(depth + 1)})]",
            f"[v for v in bounded({self.sequence(depth + 1)}) if v {self.pick(*COMPARISONS)} {self.integer(depth + 1)}]",
            f"list(map(lambda v: v - {self.integer(depth + 1)}, {self.sequence(depth + 1)}))",
            f"({self.sequence(depth + 1)} + {self.sequence(depth + 1)})[:20]", f"list(reversed({self.sequence(depth + 1)}))",
            f"[ord(v) for v in text_of({self.string(depth + 1)})]", f"list(bytearray(b'abc'))", f"list({{3: 1, 1: 2}}.values())")

    # Expressions of any kind

    def name(self):
        return self.random.choice(NAMES)

    def target(self):
        return self.pick(self.name(), self.name(), self.name(), f"{self.name()}.attribute")

    def literal(self):
        integer = self.pick(0, 1, 2, 3, 7, 10, 255, -1, -5, 100, 1 << 29, (1 << 30) - 1, -(1 << 30), 1 << 40, 10**20)
        text = self.pick("", "a", "ab", "abcab", "b c", "hello", "10", "\\n", "\\x00", "é")
        return self.pick(
            str(integer), str(integer), f"'{text}'", f"b'{text if text.isascii() else ''}'", "True", "None",
            f"[{integer}, '{text}']", f"({integer}, 2, 3)", f"{{1: {integer}, '{text}': 2}}", f"{{{integer}, 3}}",
            "[]", "()", "{}", "[3, 1, 2]", "range(4)", "bytearray(b'abc')", "[[1], [2, 3]]")

    def atom(self):
        return self.pick(self.name(), self.name(), self.literal())

    def subscript(self):
        number = str(self.random.randint(-4, 4))
        return self.pick(number, number, self.atom(), f"{number}:", f":{number}", f"::{number}", "1:3", "::-1")

    def iterable(self):
        return self.pick(
            self.name(), f"range({self.random.randint(0, 5)})", f"[{self.atom()}, {self.atom()}, {self.atom()}]",
            f"enumerate({self.name()})", f"zip({self.name()}, 'abc')", f"sorted({self.name()})",
            f"reversed([{self.atom()}, 1])", f"map(str, {self.name()})",
            *[f"bounded({name}({self.atom()}))" for name in self.generators[-2:]])

    def condition(self):
        return self.pick(
            self.expression(), self.expression(), f"{self.atom()} {self.pick(*COMPARISONS)} {self.atom()}", f"not {self.atom()}",
            f"{self.atom()} in {self.atom()}", f"isinstance({self.name()}, {self.pick('int', 'str', '(list, dict)')})",
            f"{self.atom()} is {self.pick('None', 'not None')}")

    def expression(self, depth=0):
        return self.atom() if depth > 2 else f"({self.compound(depth)})"

    def compound(self, depth):
        e = lambda: self.expression(depth + 1)
        choice = self.random.randrange(22)
        if choice < 4:
            return f"{e()} {self.pick(*BINARY)} {e()}"
        if choice == 4:
            return f"{e()} {self.pick('<<', '>>', '**')} {self.random.randint(0, 9)}"
        if choice == 5:
            return f"{e()} {self.pick(*COMPARISONS)} {e()} {self.pick(*COMPARISONS)} {self.atom()}"
        if choice == 6:
            return f"{e()} {self.pick('and', 'or')} {e()}"
        if choice == 7:
            return f"{e()} if {self.condition()} else {e()}"
        if choice == 8:
            return f"{self.name()}[{self.subscript()}]"
        if choice == 9:
            return f"{self.pick('-', '~', '+', 'not ')}{self.name()}"
        if choice == 10:
            return f"[{self.name()} for {self.name()} in bounded({self.iterable()}) if {self.condition()}]"
        if choice == 11:
            return f"{{{self.name()}: {self.atom()} for {self.name()} in bounded({self.iterable()})}}"
        if choice == 12:
            return f"(lambda v, w={self.atom()}: [v, w])({e()})"
        if choice == 13:
            return f"{self.pick('str', 'repr', 'len', 'bool', 'type', 'abs', 'list', 'tuple', 'int')}({e()})"
        if choice == 14:
            return f"f'{{{self.name()}}}-{{{self.name()}!r}}-{{{self.name()}:{self.pick('', '5', '<8', '>3', '^9')}}}'"
        if choice == 15:
            return f"'{self.pick('%s', '%r', '%d', '%5d', '%-4s|', '%x', '%s %s')}' % {self.atom()}"
        if choice == 16:
            return f"text_of({self.name()}){self.pick(*STRING_METHODS)}"
        if choice == 17 and self.functions:
            return f"{self.pick(*self.functions)}({', '.join(self.atom() for _ in range(self.random.randrange(3)))})"
        if choice == 18:
            return f"{self.fresh('w')} := {e()}"
        if choice == 19:
            return f"{self.name()}.{self.pick('attribute', 'nothing', 'get(1)', 'keys()', 'items()', 'values()')}"
        if choice == 20:
            return f"{self.pick('sum', 'max', 'min', 'any', 'all', 'sorted', 'set_of')}({self.iterable()})"
        return f"'{{}} {{:>4}}'.format({e()}, {self.atom()})"
