/// The files that a board comes with (ports/stm32/factoryreset.c).
enum FactoryFiles {
  /// Runs if there is no `boot.py`: it imports the modules that every program may then rely on.
  static let boot = """
    # boot.py -- run on boot to configure USB and filesystem
    # Put app code in main.py

    import machine
    import pyb
    #pyb.main('main.py') # main script to run after this one

    """

  static let main = "# main.py -- put your code here!\n"

  /// By name, with a board's line ends.
  static let all: [(name: String, text: [UInt8])] = [
    ("boot.py", carriageReturns(boot)), ("main.py", carriageReturns(main)),
  ]

  private static func carriageReturns(_ text: String) -> [UInt8] {
    Array(text.replacing("\n", with: "\r\n").utf8)
  }
}
