import ArgumentParser
import Machine
import Pages
import Session

/// `vpyboard docs TOPIC`
struct DocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs",
    abstract: "Shows a page of the documentation; without a topic, which there are.",
    discussion: "The pages are in Markdown, so `vpyboard docs pitfalls | less` reads well.")

  @Argument(help: "The page to show.", completion: .list(Pages.all.map(\.topic)))
  var topic: String?

  func run() throws {
    guard let topic else {
      let width = Pages.all.map(\.topic.count).max() ?? 0
      for page in Pages.all {
        let padding = String(repeating: " ", count: width - page.topic.count)
        StandardOutputLine.write(page.topic + padding + "  " + Pages.title(of: page.text))
      }
      return
    }
    guard let page = Pages.all.first(where: { $0.topic == topic }) else {
      if let nearest = nearestName(to: topic, among: Pages.all.map(\.topic)) {
        throw UsageError("no page '\(topic)'; did you mean `vpyboard docs \(nearest)`?")
      }
      throw UsageError("no page '\(topic)'; there are \(Pages.all.map(\.topic).joined(separator: ", "))")
    }
    StandardOutputLine.writeAll(page.text)
  }
}
