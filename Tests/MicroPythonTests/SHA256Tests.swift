import Testing

@testable import MicroPython

@Suite struct SHA256Tests {
  /// Digests from FIPS 180-4's examples.
  @Test(arguments: [
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("a", 1_000, "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
  ])
  func digests(text: String, count: Int, digest: String) {
    var hash = SHA256()
    for _ in 0..<count { hash.update(Array(text.utf8)) }
    let hexadecimal = hash.finish().map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    #expect(hexadecimal.joined() == digest)
  }
}
