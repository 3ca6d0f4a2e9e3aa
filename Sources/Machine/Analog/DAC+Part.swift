extension BoardDescription {
  /// There is one for each pin that the board file gives `DAC_OUT1` or `DAC_OUT2`.
  public struct DAC: PartDescription, Hashable {
    public var number: Int
    public var pin: String

    public static let title = "DACs"

    public static func read(_ file: BoardFile) throws(BoardFileError) -> [Self] {
      let signal = "DAC_OUT"
      return file.functions.flatMap { cpuName, functions in
        functions.compactMap { function in
          guard function.signal.hasPrefix(signal), let number = Int(function.signal.dropFirst(signal.count))
          else { return nil }
          return Self(number: number, pin: file.name(ofPin: cpuName))
        }
      }
      .sorted { $0.number < $1.number }
    }

    public var partName: String { "dac\(number)" }
    public var facts: [String] { [pin] }

    public func makePart(_ context: PartContext) throws(BoardError) -> (any Part)? {
      Machine.DAC(number: number, pin: try context.pins[pin], context: context)
    }
  }
}

extension DAC: NumberedPart {
  public static let kindName = "DAC"
  public static let pluralName = "DACs"

  public var name: String { "dac\(number)" }

  public func reset(_ kind: ResetKind) { stop() }
}

extension Board {
  /// By number.
  public var dacs: [Int: DAC] { numbered(DAC.self) }
}

extension TraceEntry {
  /// - Parameter value: 0 to 4095.
  static func dac(_ number: Int, _ value: Int) -> TraceEntry { TraceEntry("dac \(number) \(value)") }
}
