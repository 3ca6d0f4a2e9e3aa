import Asyncio
import Diagnostics
import MicroPython

/// Exceptions whose text does not say what was done wrong, explained.
extension PitfallFinder {
  /// - Parameter exception: exception that ended the program or a task.
  func explain(_ exception: Value) {
    guard board.diagnostics.mode != .off, let hint = hint(for: text(of: exception), exception) else { return }
    let place = vm.exceptionPlace(of: exception)
    if let place { explainedLines.insert("\(place.file):\(place.line)") }
    report(
      hint.finding, in: Diagnostic.Place(file: place?.file, line: place?.line), hint.message,
      advice: hint.advice)
  }

  /// Errors of programs written for older firmware, by the text of the exception: the change, and the code to
  /// write now.
  private static let olderFirmware: [String: (message: String, advice: String)] = [
    "AttributeError: 'UART' object has no attribute 'readall'": (
      "UART.readall() was removed", "write read(), which returns what is there"
    ),
    "ImportError: can't import name dht_readinto": (
      "pyb.dht_readinto has moved to machine",
      "write from machine import dht_readinto, or use the module dht of the board"
    ),
    "ImportError: can't import name TextIOWrapper": (
      "io.TextIOWrapper was removed", "leave the import away: files opened as text are still of that type"
    ),
  ]

  private typealias Hint = (finding: Finding, message: String, advice: String)

  private func hint(for text: String, _ exception: Value) -> Hint? {
    switch text {
    case "SyntaxError: 'await' outside function":
      return (
        .awaitOutsideCoroutine, "await stands outside of any coroutine, where there is no task to suspend",
        "put the work into an async def and start that with asyncio.run()"
      )
    case "SyntaxError: async for/with outside async function":
      return (
        .awaitOutsideCoroutine,
        "async for and async with need a coroutine, and this is an ordinary function",
        "make it an async def, and await it where it is called"
      )
    case "AttributeError: 'generator' object has no attribute '__aiter__'":
      return (
        .asyncGenerator,
        "MicroPython has no asynchronous generators: async for cannot iterate over this one",
        "write a class with __aiter__ and async __anext__"
      )
    case "TypeError: 'generator' object isn't iterable":
      return (
        .coroutineNotCalled,
        "a coroutine function itself was awaited or iterated over instead of its call",
        "add the parentheses: await function()"
      )
    case "RuntimeError: Lock not acquired":
      let hint = TaskWords.python.lockNotHeld
      return (hint.finding, hint.message, hint.advice)
    default: break
    }
    if text.hasPrefix("AttributeError: 'generator' object has no attribute")
      || text.hasPrefix("TypeError: object of type 'generator'")
      || text.hasPrefix("TypeError: 'generator' object isn't subscriptable")
      || text.hasPrefix("TypeError: unsupported types") && text.contains("'generator'")
    {
      return (
        .neverAwaited, "a coroutine stands where its result was wanted", "await the call that made it"
      )
    }
    if text.hasPrefix("AttributeError"), text.hasSuffix("no attribute '__exit__'"), text.contains("'Lock'") {
      return (
        .asyncWithMissing, "an asyncio.Lock was used in an ordinary with", "write async with"
      )
    }
    if let (message, advice) = Self.olderFirmware[text] { return (.olderFirmware, message, advice) }
    if let name = board.description.identity.machinePort.missingName(in: text) {
      return (
        .notEmulated, "a Pyboard has \(name), and this emulator has not",
        "see `vpyboard docs compatibility`"
      )
    }
    if let hint = ModuleSources.hint(for: text) { return (.moduleNotThere, hint.message, hint.advice) }
    if ["5", "19", "110"].contains(where: { text.hasPrefix("OSError: [Errno \($0)]") }),
      let device = board.context.silentDevice
    {
      let wired = wiredParts(on: device.pins)
      if !wired.isEmpty {
        return (
          .noDevice,
          "no answer from \(device.name) on \(device.pins.joined(separator: " and ")), where "
            + "\(wired.joined(separator: ", ")) \(wired.count == 1 ? "is" : "are") wired",
          "look at its address or kind, at which of its pins is on which line, and at its faults (nak, unpowered, stuck)"
        )
      }
      return (
        .noDevice, "no answer from \(device.name) on \(device.pins.joined(separator: " and "))",
        "wire a device: --device KIND@\(device.pins.joined(separator: ",")); `vpyboard devices` lists the kinds"
      )
    }
    if vm.isInstance(exception, of: asyncio.timeoutError) {
      return (
        .timeoutNotCaught, "the time limit of wait_for() was over and nobody caught asyncio.TimeoutError",
        "catch asyncio.TimeoutError around the await of wait_for()"
      )
    }
    return nil
  }

  /// The parts with a pin on one of these nets.
  private func wiredParts(on pins: [String]) -> [String] {
    let nets = pins.compactMap { board.pins.find($0)?.net }
    return board.parts.filter { part in
      part.terminals.contains { terminal in nets.contains { $0 === terminal.net } }
    }.map(\.name)
  }
}
