import MicroPython

/// The medium of a FAT volume: numbered sectors.
protocol BlockDevice: ValueHolding {
  /// Bytes; known after `start`.
  var sectorSize: Int { get }
  var isReadOnly: Bool { get set }
  /// Gets the device ready and asks how large its sectors are.
  func start() throws(Raised)
  func sectorCount() throws(Raised) -> Int
  /// Makes sure that written sectors stay.
  func sync() throws(Raised)
  func read(_ sector: Int) throws(Raised) -> [UInt8]
  /// - Parameter bytes: one sector's.
  func write(_ sector: Int, _ bytes: [UInt8]) throws(Raised)
}
