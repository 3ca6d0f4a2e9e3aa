import Diagnostics
import Glibc
import LinuxGPIO
import Machine
import Testing

/// What a person is told when something is not as it should be.
@Suite("A message")
struct MessageTests {
  private func backendError(_ library: FakeLibrary, board: String = "raspberry-pi", chip: String? = nil)
    throws -> String
  {
    let description = try BoardDescription.load(board)
    do throws(GPIOError) {
      _ = try GPIOBackend(
        board: description, chip: chip, diagnostics: DiagnosticSink(), library: library, chipGone: { _ in })
      return ""
    } catch {
      return error.description
    }
  }

  @Test("says what to install without the library")
  func noLibrary() throws {
    let message = try backendError(FakeLibrary(version: nil))
    #expect(message.contains("libgpiod is not installed"))
    #expect(message.contains("sudo apt install libgpiod3"))
  }

  @Test("says that there is no chip, or which there are")
  func noChip() throws {
    #expect(try backendError(FakeLibrary()).contains("this machine has no GPIO chip"))
    let other = FakeLibrary(chips: [FakeChip("gpiochip3", label: "toaster", lines: ["HEAT"])])
    let message = try backendError(other)
    #expect(message.contains("pinctrl-rp1, pinctrl-bcm2711"))
    #expect(message.contains("there is gpiochip3 [toaster]"))
    #expect(
      try backendError(other, chip: "fridge").contains(
        "no GPIO chip is called fridge; there is gpiochip3 [toaster]"))
    #expect(try backendError(other, chip: "toaster").isEmpty)
    #expect(try backendError(other, chip: "gpiochip3").isEmpty)
    #expect(try backendError(other, chip: "/dev/gpiochip3").isEmpty)
  }

  @Test("names the device that may not be opened, and its group")
  func permission() throws {
    let message = try backendError(FakeLibrary(refusals: ["/dev/null": EACCES]))
    #expect(message.contains("no permission to open /dev/null, which belongs to user root and group root"))
    let owner = DeviceOwner(path: "/dev/gpiochip0", user: "root", group: "gpio", mode: 0o660)
    #expect(GPIOError.noPermission(owner).description.contains("sudo usermod -aG gpio $USER"))
  }

  @Test("says that a board has no lines")
  func boardWithoutLines() throws {
    let message = try backendError(FakeLibrary(chips: [FakeChip()]), board: "pyboard-v1.1")
    #expect(message.contains("pyboard-v1.1 does not say which lines its pins are"))
  }

  @Test("names who has a line")
  func lineInUse() throws {
    let bench = try WiredBoard()
    bench.chip.change(18) { $0.consumer = "fan" }
    try bench.pin(18).configure(.outputPushPull)
    #expect(bench.failures.map(\.errorNumber) == [EBUSY])
    #expect(
      bench.failures.first?.description.contains(
        "GPIO18 (line 18 of gpiochip0 [pinctrl-bcm2711]) is in use by \"fan\"") == true)
  }

  @Test("is thrown where a line is claimed, and the run goes on; the line is asked for again")
  func claim() throws {
    let bench = try WiredBoard()
    bench.chip.change(18) { $0.consumer = "fan" }
    let pin = try bench.pin(18)
    let error = #expect(throws: HostPinError.self) { try pin.claim(.outputPushPull, level: .high) }
    #expect(error?.errorNumber == EBUSY)
    #expect(error?.description.contains("is in use by \"fan\"") == true)
    #expect(throws: HostPinError.self) { try pin.claim(.analog) }
    #expect(bench.failures.isEmpty)
    bench.chip.change(18) { $0.consumer = "" }
    try pin.claim(.outputPushPull, level: .high)
    #expect(try bench.seen(18) == .high)
  }

  @Test("that nobody catches ends the run; the next use of the pin asks again")
  func unclaimed() throws {
    let bench = try WiredBoard()
    let pin = try bench.pin(18)
    pin.configure(.input)
    bench.chip.change(18) { $0.biasRefusal = EINVAL }
    pin.configure(.input, pull: .up)
    #expect(bench.failures.map(\.errorNumber) == [ENOTSUP])
    bench.chip.change(18) { $0.biasRefusal = nil }
    pin.configure(.outputPushPull, level: .high)
    #expect(try bench.seen(18) == .high)
  }

  @Test("says which lines there are when one is not")
  func noSuchLine() throws {
    let bench = try WiredBoard(
      chip: FakeChip(label: "pinctrl-rp1", lines: ["GPIO0", "GPIO1", "GPIO2", "LED"]))
    try bench.pin(17).configure(.input)
    #expect(
      bench.failures.first?.description
        == "J8_11: gpiochip0 [pinctrl-rp1] has no line called GPIO17; it has GPIO0–GPIO2, LED")
  }

  @Test(
    "says which pull a chip does not have; none at all is not asked for twice",
    arguments: [EINVAL, ENOTSUP, 524])
  func bias(number: Int32) throws {
    let bench = try WiredBoard()
    bench.chip.change(5) { $0.biasRefusal = number }
    try bench.pin(5).configure(.input)
    #expect(bench.failures.isEmpty)
    try bench.pin(5).configure(.input, pull: .up)
    #expect(bench.failures.map(\.errorNumber) == [ENOTSUP])
    #expect(bench.failures.first?.description.contains("cannot have a pull-up") == true)
  }

  @Test("says that a line cannot carry a peripheral's signal, and what to do; the line stays as it was")
  func peripheral() throws {
    let bench = try WiredBoard()
    let pin = try bench.pin(18)
    pin.configure(.outputPushPull, level: .high)
    pin.configure(.alternatePushPull, alternateFunction: 2)
    #expect(bench.failures.map(\.errorNumber) == [ENOTSUP])
    #expect(
      bench.failures.first?.description.contains(
        "too late now and then for a UART's bits or a timer's pulses") == true)
    #expect(try bench.seen(18) == .high)
  }

  @Test("says that a line cannot be analogue")
  func analogue() throws {
    let bench = try WiredBoard()
    try bench.pin(5).configure(.analog)
    #expect(bench.failures.first?.description.contains("J8_29 is a GPIO line of this machine") == true)
  }

  @Test("says that an LED on a line is on or off")
  func intensity() throws {
    let bench = try WiredBoard()
    let led = try bench.board.led(1)
    led.intensity = 100
    #expect(led.intensity == 255)
    #expect(bench.reports.contains { $0.contains("no-intensity") })
  }
}

@Suite("The list of chips and lines")
struct ListingTests {
  @Test("shows names, directions and users")
  func listing() throws {
    let chip = FakeChip(label: "toaster", lines: ["HEAT", ""])
    chip.change(0) { $0.consumer = "bread" }
    let text = try ChipListing(library: FakeLibrary(chips: [chip])).text
    #expect(
      text == """
        gpiochip0 [toaster] 2 lines
            0  HEAT  input   used by "bread"
            1  -     input
        """)
  }

  @Test("says what cannot be opened, after what can")
  func refused() throws {
    let library = FakeLibrary(
      chips: [FakeChip("gpiochip1", label: "toaster", lines: [])], refusals: ["/dev/gpiochip0": EIO])
    #expect(
      try ChipListing(library: library).text.hasSuffix("/dev/gpiochip0 cannot be opened: Input/output error"))
  }
}
