# What the suite's tests use of unittest, for a board: test cases, assertions and the summary.
import sys


class SkipTest(Exception):
    pass


def skip(reason):
    def decorate(thing):
        def skipped(*args):
            raise SkipTest(reason)

        if isinstance(thing, type):
            thing.setUp = skipped
            return thing
        return skipped

    return decorate


def skipIf(condition, reason):
    return skip(reason) if condition else lambda thing: thing


def skipUnless(condition, reason):
    return skipIf(not condition, reason)


class _Raises:
    def __init__(self, expected, text=None):
        self.expected = expected
        self.text = text

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            raise AssertionError("%r was not raised" % self.expected)
        self.exception = error
        if not issubclass(kind, self.expected):
            return False
        if self.text is not None:
            import re

            if not re.search(self.text, str(error)):
                raise AssertionError("%r does not match %r" % (str(error), self.text))
        return True


class _SubTest:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return False


class TestCase:
    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def subTest(self, message=None, **parameters):
        return _SubTest()

    def skipTest(self, reason):
        raise SkipTest(reason)

    def fail(self, message=None):
        raise AssertionError(message)

    def _check(self, holds, text, message):
        if not holds:
            raise AssertionError(message or text)

    def assertTrue(self, value, msg=None):
        self._check(value, "%r is not true" % (value,), msg)

    def assertFalse(self, value, msg=None):
        self._check(not value, "%r is not false" % (value,), msg)

    def assertEqual(self, a, b, msg=None):
        self._check(a == b, "%r is not %r" % (a, b), msg)

    def assertNotEqual(self, a, b, msg=None):
        self._check(a != b, "%r is %r" % (a, b), msg)

    def assertLess(self, a, b, msg=None):
        self._check(a < b, "%r is not less than %r" % (a, b), msg)

    def assertLessEqual(self, a, b, msg=None):
        self._check(a <= b, "%r is greater than %r" % (a, b), msg)

    def assertGreater(self, a, b, msg=None):
        self._check(a > b, "%r is not greater than %r" % (a, b), msg)

    def assertGreaterEqual(self, a, b, msg=None):
        self._check(a >= b, "%r is less than %r" % (a, b), msg)

    def assertAlmostEqual(self, a, b, places=7, msg="", delta=None):
        near = abs(a - b) <= delta if delta is not None else round(abs(a - b), places) == 0
        self._check(near, "%r is not about %r" % (a, b), msg)

    def assertIs(self, a, b, msg=None):
        self._check(a is b, "%r is another object than %r" % (a, b), msg)

    def assertIsNot(self, a, b, msg=None):
        self._check(a is not b, "%r is the same object" % (a,), msg)

    def assertIsNone(self, value, msg=None):
        self._check(value is None, "%r is not None" % (value,), msg)

    def assertIsNotNone(self, value, msg=None):
        self._check(value is not None, "None", msg)

    def assertIn(self, item, container, msg=None):
        self._check(item in container, "%r is not in %r" % (item, container), msg)

    def assertNotIn(self, item, container, msg=None):
        self._check(item not in container, "%r is in %r" % (item, container), msg)

    def assertIsInstance(self, value, cls, msg=None):
        self._check(isinstance(value, cls), "%r is no %r" % (value, cls), msg)

    def assertRaises(self, expected, function=None, *args, **keywords):
        context = _Raises(expected)
        if function is None:
            return context
        with context:
            function(*args, **keywords)

    def assertRaisesRegex(self, expected, text, function=None, *args, **keywords):
        context = _Raises(expected, text)
        if function is None:
            return context
        with context:
            function(*args, **keywords)


class _Counts:
    ran = failures = errors = skipped = 0


def _run_one(case, name, counts):
    counts.ran += 1
    print(name, "(%s) ..." % case.__class__.__name__, end="")
    try:
        case.setUp()
        try:
            getattr(case, name)()
        finally:
            case.tearDown()
        print(" ok")
    except SkipTest as reason:
        counts.skipped += 1
        print(" skipped:", reason)
    except AssertionError as error:
        counts.failures += 1
        print(" FAIL")
        sys.print_exception(error)
    except Exception as error:
        counts.errors += 1
        print(" ERROR")
        sys.print_exception(error)


def main(module="__main__"):
    if isinstance(module, str):
        module = __import__(module)
    counts = _Counts()
    for name in dir(module):
        cls = getattr(module, name)
        if not isinstance(cls, type) or not issubclass(cls, TestCase) or cls is TestCase:
            continue
        cls.setUpClass()
        try:
            case = cls()
            for method in dir(case):
                if method.startswith("test"):
                    _run_one(case, method, counts)
        finally:
            cls.tearDownClass()
    print("-" * 70)
    print("Ran %d tests" % counts.ran)
    print()
    if counts.failures or counts.errors:
        print("FAILED (failures=%d, errors=%d)" % (counts.failures, counts.errors))
    elif counts.skipped:
        print("OK (skipped=%d)" % counts.skipped)
    else:
        print("OK")
