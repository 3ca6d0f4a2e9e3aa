# unittest for tests that `vpyboard test` runs: each method on a fresh board.


class SkipTest(Exception):
    pass


class _Raises:
    def __init__(self, expected, text=None):
        self.expected = expected
        self.text = text
        self.exception = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        names = getattr(self.expected, "__name__", str(self.expected))
        if kind is None:
            raise AssertionError("%s not raised" % names)
        if not issubclass(kind, self.expected):
            return False
        self.exception = value
        if self.text is not None:
            import re

            if not re.search(self.text, str(value)):
                raise AssertionError("%r does not match %r" % (self.text, str(value)))
        return True


class _Sub:
    def __init__(self, case, message, values):
        self.case = case
        self.label = ", ".join(
            ([] if message is None else [str(message)])
            + ["%s=%r" % item for item in sorted(values.items())]
        )

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None or not issubclass(kind, AssertionError):
            return False
        self.case._failures.append("(%s) %s" % (self.label, value))
        return True


class TestCase:
    def __init__(self, name="runTest"):
        self._name = name
        self._cleanups = []
        self._failures = []

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

    def addCleanup(self, function, *args, **kwargs):
        self._cleanups.append((function, args, kwargs))

    def doCleanups(self):
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            function(*args, **kwargs)

    def skipTest(self, reason):
        raise SkipTest(reason)

    def subTest(self, msg=None, **values):
        return _Sub(self, msg, values)

    def fail(self, msg=None):
        raise AssertionError(msg if msg is not None else "failed")

    def _check(self, holds, text, msg):
        if not holds:
            raise AssertionError(text if msg is None else "%s : %s" % (text, msg))

    def assertTrue(self, x, msg=None):
        self._check(x, "%r is not true" % (x,), msg)

    def assertFalse(self, x, msg=None):
        self._check(not x, "%r is not false" % (x,), msg)

    def assertEqual(self, x, y, msg=None):
        self._check(x == y, "%r != %r" % (x, y), msg)

    def assertNotEqual(self, x, y, msg=None):
        self._check(x != y, "%r == %r" % (x, y), msg)

    def assertLess(self, x, y, msg=None):
        self._check(x < y, "%r not less than %r" % (x, y), msg)

    def assertLessEqual(self, x, y, msg=None):
        self._check(x <= y, "%r not less than or equal to %r" % (x, y), msg)

    def assertGreater(self, x, y, msg=None):
        self._check(x > y, "%r not greater than %r" % (x, y), msg)

    def assertGreaterEqual(self, x, y, msg=None):
        self._check(x >= y, "%r not greater than or equal to %r" % (x, y), msg)

    def assertAlmostEqual(self, x, y, places=None, msg=None, delta=None):
        if delta is not None:
            self._check(abs(x - y) <= delta, "%r != %r within %r" % (x, y, delta), msg)
        else:
            places = 7 if places is None else places
            self._check(
                x == y or round(abs(x - y), places) == 0,
                "%r != %r within %r places" % (x, y, places),
                msg,
            )

    def assertNotAlmostEqual(self, x, y, places=None, msg=None, delta=None):
        if delta is not None:
            self._check(abs(x - y) > delta, "%r == %r within %r" % (x, y, delta), msg)
        else:
            places = 7 if places is None else places
            self._check(
                x != y and round(abs(x - y), places) != 0,
                "%r == %r within %r places" % (x, y, places),
                msg,
            )

    def assertIs(self, x, y, msg=None):
        self._check(x is y, "%r is not %r" % (x, y), msg)

    def assertIsNot(self, x, y, msg=None):
        self._check(x is not y, "%r is %r" % (x, y), msg)

    def assertIsNone(self, x, msg=None):
        self._check(x is None, "%r is not None" % (x,), msg)

    def assertIsNotNone(self, x, msg=None):
        self._check(x is not None, "it is None", msg)

    def assertIn(self, x, y, msg=None):
        self._check(x in y, "%r not in %r" % (x, y), msg)

    def assertNotIn(self, x, y, msg=None):
        self._check(x not in y, "%r in %r" % (x, y), msg)

    def assertIsInstance(self, x, y, msg=None):
        self._check(isinstance(x, y), "%r is no instance of %r" % (x, y), msg)

    def assertNotIsInstance(self, x, y, msg=None):
        self._check(not isinstance(x, y), "%r is an instance of %r" % (x, y), msg)

    def assertRegex(self, text, pattern, msg=None):
        import re

        self._check(re.search(pattern, text), "%r does not match %r" % (pattern, text), msg)

    def assertCountEqual(self, x, y, msg=None):
        rest = list(y)
        for item in x:
            self._check(item in rest, "%r is not in %r as often" % (item, y), msg)
            rest.remove(item)
        self._check(not rest, "%r are missing" % (rest,), msg)

    def assertListEqual(self, x, y, msg=None):
        self.assertEqual(x, y, msg)

    assertTupleEqual = assertDictEqual = assertSetEqual = assertSequenceEqual = assertListEqual

    def assertRaises(self, expected, function=None, *args, **kwargs):
        context = _Raises(expected)
        if function is None:
            return context
        with context:
            function(*args, **kwargs)

    def assertRaisesRegex(self, expected, text, function=None, *args, **kwargs):
        context = _Raises(expected, text)
        if function is None:
            return context
        with context:
            function(*args, **kwargs)


def skip(reason):
    def decorate(item):
        # A class has nothing to call before its tests.
        if isinstance(item, type):
            item._skipped = reason
            return item

        def skipped(*args, **kwargs):
            raise SkipTest(reason)

        return skipped

    return decorate


def skipIf(condition, reason):
    return skip(reason) if condition else lambda item: item


def skipUnless(condition, reason):
    return skipIf(not condition, reason)


def expectedFailure(function):
    def expects(*args, **kwargs):
        try:
            function(*args, **kwargs)
        except SkipTest:
            raise
        except Exception:
            return
        raise AssertionError("it was expected to fail, and did not")

    return expects


def main(*args, **kwargs):
    # `vpyboard test` runs the tests.
    pass


def _run(cls, name, is_async):
    # One method, with what belongs around it.
    reason = getattr(cls, "_skipped", None)
    if reason is not None:
        raise SkipTest(reason)
    cls.setUpClass()
    try:
        case = cls(name) if cls.__init__ is TestCase.__init__ else cls()
        for attribute, value in (("_name", name), ("_cleanups", []), ("_failures", [])):
            if not hasattr(case, attribute):
                setattr(case, attribute, value)
        try:
            case.setUp()
            try:
                result = getattr(case, name)()
                if is_async:
                    import asyncio

                    asyncio.run(result)
                else:
                    import bench

                    bench._returned(result)
            finally:
                case.tearDown()
        finally:
            case.doCleanups()
    finally:
        cls.tearDownClass()
    if case._failures:
        raise AssertionError("\n".join(case._failures))
