import ArgumentParser
import LinuxGPIO
import Session

/// `vpyboard gpio`
struct GPIOCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gpio",
    abstract: "Lists this machine's GPIO chips and lines, and who uses them.",
    discussion: "The lines are those that --backend gpiod can drive; see `vpyboard docs raspberry-pi`.")

  @Argument(help: ArgumentHelp("Only this chip: its label, name or device file.", valueName: "chip"))
  var chip: String?

  func run() throws {
    do throws(GPIOError) {
      StandardOutputLine.write(try ChipListing(chip: chip).text)
    } catch {
      throw UsageError(error.description)
    }
  }
}
