import ArgumentParser
import Devices
import PythonDevices
import Session

/// `vpyboard devices KIND`
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "Lists what can be wired to a board; with a kind, its pins, keys, controls and signals.",
    discussion: """
      vpyboard devices
      vpyboard devices dht22
      vpyboard run demo.py --device dht22:room@X1,temperature=21.5 --at 3s:room.temperature=25

      `vpyboard docs devices` says more.
      """)

  @Argument(
    help: ArgumentHelp("Only this kind, or the file of a device in Python.", valueName: "kind"),
    completion: .list(DeviceRegistry.standard.names))
  var kind: String?

  @Flag(help: "Prints a JSON Schema of wiring files instead, for editors.")
  var schema = false

  func run() throws {
    let kinds = DeviceRegistry.withPython
    if schema {
      do throws(WiringError) { StandardOutputLine.writeAll(try WiringSchema.text(of: .standard)) } catch {
        throw UsageError(error.message)
      }
      return
    }
    guard let kind else {
      StandardOutputLine.write(DeviceSummary.list(kinds))
      return
    }
    do throws(WiringError) { StandardOutputLine.write(try DeviceSummary.text(of: kind, in: kinds)) } catch {
      throw UsageError(error.message)
    }
  }
}
