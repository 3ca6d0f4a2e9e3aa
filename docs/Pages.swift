/// The pages of this folder, which the program carries with it: `vpyboard docs TOPIC`.
package enum Pages {
  /// Each page with its name, which is its topic.
  package static let all: [(topic: String, text: String)] = [
    ("architecture", PackageResources.architecture_md),
    ("board", PackageResources.board_md),
    ("command-line", PackageResources.command_line_md),
    ("compatibility", PackageResources.compatibility_md),
    ("console", PackageResources.console_md),
    ("contributing", PackageResources.contributing_md),
    ("devices", PackageResources.devices_md),
    ("inline-assembler", PackageResources.inline_assembler_md),
    ("pitfalls", PackageResources.pitfalls_md),
    ("primitives", PackageResources.primitives_md),
    ("raspberry-pi", PackageResources.raspberry_pi_md),
    ("security", PackageResources.security_md),
    ("swift-firmware", PackageResources.swift_firmware_md),
    ("testing", PackageResources.testing_md),
  ].map { ($0, String(decoding: $1, as: UTF8.self)) }

  /// The title of a page: its first line.
  package static func title(of text: String) -> String {
    let line = text.split(separator: "\n", maxSplits: 1).first ?? ""
    return String(line.drop { $0 == "#" || $0 == " " })
  }
}
