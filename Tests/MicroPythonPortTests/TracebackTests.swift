import Testing

/// What tracebacks show and leave out, as MicroPython 1.29 prints them.
@Suite struct TracebackTests {
  @Test("tracebacks leave out a bare raise, and a generator whose StopIteration became an error")
  func tracebacksWithoutALine() throws {
    let program = """
      import io, sys
      def generator():
          yield 1
          raise StopIteration
      def bare():
          raise
      def again():
          try:
              bare()
          except RuntimeError:
              raise
      for function in (lambda: list(generator()), bare, again):
          try:
              function()
          except RuntimeError as error:
              text = io.StringIO()
              sys.print_exception(error, text)
              print([line.split(', ', 1)[-1] for line in text.getvalue().split('\\n')[1:-1]])
      """
    #expect(
      try FirmwareRun(program).output == """
        ['line 14, in <module>', 'line 12, in <lambda>', 'RuntimeError: generator raised StopIteration']
        ['line 14, in <module>', 'RuntimeError: no active exception to reraise']
        ['line 14, in <module>', 'line 9, in again', 'RuntimeError: no active exception to reraise']

        """)
  }

  @Test("a mistake that the compiler finds is told with the function or class around it")
  func mistakesInScopes() throws {
    let program = """
      import io, sys
      for source in (
          'def f():\\n x = {1: 2, 3}', 'class A:\\n x = {1, 3: 4}', 'lambda: {1: 2, 3}', 'def f():\\n f(1=2)',
          'def f():\\n def g():\\n  pass\\n return {1: 2, 3}', '{1: 2, 3}', 'f(1=2)'):
          try:
              exec(source)
          except SyntaxError as error:
              text = io.StringIO()
              sys.print_exception(error, text)
              print(text.getvalue().split('\\n')[-3])
      """
    #expect(
      try FirmwareRun(program).output == """
          File "<string>", line 2, in f
          File "<string>", line 2, in A
          File "<string>", line 1, in <lambda>
          File "<string>", line 2, in f
          File "<string>", line 4, in f
          File "<string>", line 1, in <module>
          File "<string>", line 1, in <module>

        """)
  }
}
