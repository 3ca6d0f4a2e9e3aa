/// Sources of modules that people import and that are not on a board's flash by themselves.
enum ModuleSources {
  /// Message about a module that was not found.
  struct Hint: Equatable {
    let message: String
    let advice: String
  }

  /// - Parameter text: the exception's last line, `ImportError: no module named 'ssd1306'`.
  static func hint(for text: String) -> Hint? {
    let words = text.split(separator: "'", omittingEmptySubsequences: false)
    guard text.hasPrefix("ImportError: no module named"), words.count >= 2 else { return nil }
    // Of `as_drivers.hd44780` the package is missing.
    guard let name = words[1].split(separator: ".").first.map(String.init) else { return nil }
    switch name {
    case "bench":
      return Hint(
        message: "bench is a module of tests, and this is no test",
        advice: "run it with `vpyboard test FILE` (`vpyboard docs testing`)")
    case "device":
      return Hint(
        message: "device is a module of device models, which run beside the board and not on it",
        advice: "name the file in --device, as in --device FILE.py@X1 (`vpyboard docs devices`)")
    case "as_drivers":
      return Hint(
        message:
          "as_drivers is not on the board: it is a folder of github.com/peterhinch/micropython-async, v3",
        advice: "copy v3/as_drivers beside the firmware, whose folder is the board's flash")
    default: break
    }
    for (folder, names) in library where names.split(separator: " ").contains(Substring(name)) {
      return Hint(
        message: "\(name) is not on the board: it is in \(folder) of github.com/micropython/micropython-lib",
        advice: "copy its file beside the firmware, whose folder is the board's flash")
    }
    return nil
  }

  /// Modules of micropython-lib, by folder.
  private static let library: KeyValuePairs<String, String> = [
    "micropython/drivers":
      "bmi270 bmm150 ds18x20 hs3003 hts221 lcd160cr lps22h lsm6dsox lsm9ds1 nrf24l01 sdcard ssd1306 wm8960",
    "micropython": "aioespnow aiorepl mip senml umqtt upysh usb utarfile",
    "python-ecosys": "aiohttp cbor2 iperf3 pyjwt requests urequests",
    "python-stdlib": """
    abc argparse base64 bisect cmd contextlib copy curses datetime enum fnmatch functools getopt glob hmac html \
    inspect itertools keyword locale logging operator pathlib pickle pkg_resources pprint quopri shutil stat string \
    tempfile textwrap threading traceback types unittest venv warnings
    """,
  ]
}
