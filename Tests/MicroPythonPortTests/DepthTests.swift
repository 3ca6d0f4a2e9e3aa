import MicroPythonPort
import Testing

/// Source that grows high or deep.
@Suite struct DepthTests {
  @Test(
    "Long chains compile as on MicroPython",
    arguments: [
      ("'y = ' + ' + '.join(['a'] * 3000)", "3000"), ("'y = ' + ' - '.join(['a * a'] * 1500)", "-1498"),
      (
        "'if a == 0: y = 0\\n' + ''.join('elif a == -%d: y = 2\\n' % i for i in range(1, 1800)) + 'else: y = 3'",
        "3"
      ),
      ("'y = o' + '.x' * 2000", "o"), ("'y = o' + '.f()' * 2000", "o"), ("'y = o' + '[0]' * 2000", "o"),
      ("'y = ' + '-' * 2000 + 'a'", "1"), ("'y = ' + '(' * 300 + 'a' + ')' * 300", "1"),
      ("'y = ' + 'a if a else ' * 300 + 'a'", "1"),
    ])
  func chains(_ source: String, _ value: String) throws {
    let run = try FirmwareRun(
      """
      class O:
          def f(self): return self
          def __getitem__(self, i): return self
          def __repr__(self): return 'o'
      o = O()
      o.x = o
      names = {'a': 1, 'o': o}
      exec(\(source), names)
      print(names['y'])
      """, board: "raspberry-pi")
    #expect(run.output == value + "\n")
  }

  @Test("Nesting beyond every stack is a RuntimeError")
  func nesting() throws {
    for source in ["'[' * 5000", "'(' * 5000 + ')' * 5000", "'x = ' + '-~' * 9000 + '1'"] {
      let run = try FirmwareRun(
        "try:\n    exec(\(source))\nexcept (RuntimeError, SyntaxError) as error:\n    print(type(error).__name__)",
        board: "raspberry-pi")
      #expect(run.output == "RuntimeError\n", "\(source)")
    }
  }

  @Test("What takes more memory than the board has is refused before the host provides it")
  func memory() throws {
    let run = try FirmwareRun(
      """
      import io, re
      def attempt(f):
          try:
              f()
          except MemoryError:
              print('MemoryError')
      attempt(lambda: eval('0x' + 'f' * 70000))
      attempt(lambda: exec('a = 1\\n' * 9000 * 9))
      def many():
          files = []
          while True:
              f = io.BytesIO()
              f.write(b'x' * 5000)
              files.append(f)
      attempt(many)
      def patterns():
          text, found = 'a' * 20000, []
          while len(found) < 2000:
              found.append(re.match('(a)', text))
          print(found[5].group(1))
      patterns()
      """)
    #expect(run.output == "MemoryError\nMemoryError\nMemoryError\na\n")
  }
}
