/// The names that modules and classes of a Pyboard V1.1 have and those here have not. `docs/compatibility.md` lists the same, and a
/// test sees to it that neither leaves one out.
public enum MissingNames {
  /// By the object that has them: a module, `module.Class`, or `modules` for modules themselves.
  public static let all: KeyValuePairs<String, String> = [
    "modules": "lwip"
  ]

  /// The missing name that an exception is about, as `pyb.Servo`.
  /// - Parameter text: the exception's last line, `AttributeError: 'module' object has no attribute 'Servo'`.
  static func name(in text: String) -> String? {
    let words = text.split(separator: "'", omittingEmptySubsequences: false)
    if text.hasPrefix("ImportError: no module named"), words.count >= 2 {
      return find(String(words[1])) { $0 == "modules" }
    }
    if text.hasPrefix("ImportError: can't import name ") {
      return find(String(text.dropFirst("ImportError: can't import name ".count))) { !$0.contains(".") }
    }
    guard text.hasPrefix("AttributeError: "), words.count >= 4 else { return nil }
    let (owner, name) = (words[1], String(words[3]))
    return find(name) { owner == "module" ? !$0.contains(".") : $0.hasSuffix(".\(owner)") }
  }

  private static func find(_ name: String, where isOwner: (String) -> Bool) -> String? {
    for (owner, names) in all where isOwner(owner) {
      if names.split(whereSeparator: \.isWhitespace).contains(where: { $0 == name }) {
        return owner == "modules" ? name : "\(owner).\(name)"
      }
    }
    return nil
  }
}
