import BoardFiles

/// A board as its board file describes it. `Board` is built from it.
public struct BoardDescription: Sendable {
  /// The MicroPython port that the firmware meets: the contents of its modules, and how they behave.
  public enum Port: Sendable, Hashable {
    /// The port of the Pyboard and its kin: `pyb` beside `machine`.
    case stm32
    /// The port of the Raspberry Pi Pico: pins by number, UARTs whose pins can be chosen, no `pyb`.
    case rp2

    /// Whether it gives interrupts priorities, so that they preempt each other.
    var hasInterruptPriorities: Bool {
      switch self {
      case .stm32: true
      case .rp2: false
      }
    }
  }

  /// The board's identity, as the firmware reads it.
  public struct Identity: Sendable, Hashable {
    public var port: Port
    /// `sys.platform` and the first field of `os.uname()`.
    public var platform: String
    /// `sys.implementation._machine`.
    public var machine: String
    /// `sys.implementation._build`.
    public var build: String
    /// The second field of `os.uname()`.
    public var node: String
    /// `sys.implementation._mpy`.
    public var mpy: Int
  }

  public struct Processor: Sendable, Hashable {
    public var name: String
    /// Hz.
    public var clock: Int
    /// Clocks of the peripherals' buses, Hz; that of the processor where the board file gives none.
    public var apb1: Int
    public var apb2: Int
    public var peripheral: Int
    /// 32 or 64.
    public var floatBits: Int
    /// 31 or 63.
    public var smallIntBits: Int
  }

  public struct Memory: Sendable, Hashable {
    /// Bytes that the garbage collector manages.
    public var heap: Int
    /// Bytes of the firmware's stack.
    public var stack: Int
    /// Bytes of flash for files.
    public var flash: Int
  }

  public struct Bus: Sendable, Hashable {
    public var name: String
    /// Hz.
    public var clock: Int
  }

  public struct PinName: Sendable, Hashable {
    public var name: String
    public var cpuName: String
  }

  public var name: String
  public var title: String
  public var identity: Identity
  public var processor: Processor
  public var memory: Memory
  /// In the order of the board file.
  public var pins: [PinName]
  /// By the processor's name for the pin.
  public var functions: [String: [PinFunction]]
  /// The board's parts besides its pins, in the order in which they are made.
  public var parts: [any PartDescription]
  /// The kinds of part that its board file may describe.
  var kinds: PartRegistry
  /// `nil` for a board whose pins cannot be real ones.
  public var hostPinBinding: HostPinBinding?
  /// The cost of each kind of operation, in nanoseconds of board time, by name.
  public var costs: [String: Int]
  /// The costs' places in the board file, for messages.
  var costPlaces: [String: (file: String, line: Int?)] = [:]
}

extension BoardDescription {
  /// The costs that the board and its scheduler look up, apart from those of its parts.
  private static let costNames: Set<String> = [
    "task-switch", "task-switch-per-doubling", "stream-poll", "interrupt-entry", "interrupt-exit",
    "soft-interrupt",
  ]

  /// The names of costs that the interpreter of the firmware's language looks up.
  public struct InterpreterCosts: Sendable {
    let general: Set<String>
    let instructions: @Sendable () -> Set<String>

    /// - Parameter instructions: too many to be listed in a message. Asked only for a name that is none of the others.
    public init(general: Set<String>, instructions: @escaping @Sendable () -> Set<String>) {
      self.general = general
      self.instructions = instructions
    }
  }

  /// Makes sure that every cost that the board file gives is looked up somewhere.
  /// - Throws: the first that nobody knows, with its place.
  public func checkCosts(interpreter: InterpreterCosts) throws(BoardFileError) {
    let listed = kinds.kinds.reduce(interpreter.general.union(Self.costNames)) { $0.union($1.costNames) }
    let unlisted = costs.keys.filter { !listed.contains($0) }
    if unlisted.isEmpty { return }
    let instructions = interpreter.instructions()
    let unknown = unlisted.filter { !instructions.contains($0) }
    guard let name = unknown.min(by: { (costPlaces[$0]?.line ?? 0, $0) < (costPlaces[$1]?.line ?? 0, $1) })
    else { return }
    throw BoardFileError(
      file: costPlaces[name]?.file ?? self.name, line: costPlaces[name]?.line,
      message:
        "\"\(name)\" is not a cost (\(listed.sorted().joined(separator: ", ")), or an instruction's name as in Opcode.swift)"
    )
  }
}

extension BoardDescription {
  /// The board that a run has unless another one is named.
  public static let standardName = "pyboard-v1.1"

  /// The boards that every copy of the program carries.
  public static let builtInNames = BuiltInBoards.names

  /// A shorter name for a built-in board, where it has one.
  public static func alias(of builtInName: String) -> String? { BuiltInBoards.alias(of: builtInName) }

  /// The text of a built-in board's file; `nil` when there is none of that name.
  public static func builtInText(_ name: String) -> [UInt8]? { BuiltInBoards.find(name)?.text }

  /// The JSON Schema that editors check board files with.
  public static var schemaText: [UInt8] { BuiltInBoards.schema }

  /// Reads a built-in board.
  /// - Returns: `nil` when there is none of that name.
  public static func builtIn(
    _ name: String, kinds: PartRegistry = .standard
  ) throws(BoardFileError) -> BoardDescription? {
    guard let (name, text) = BuiltInBoards.find(name) else { return nil }
    return try BoardDescription(yaml: text, file: "Boards/\(name).yaml", kinds: kinds)
  }

  /// Reads the board that a command line names: a built-in one, or a board file.
  /// - Parameter kinds: of parts that the file may describe.
  public static func load(
    _ nameOrFile: String, kinds: PartRegistry = .standard
  ) throws(BoardFileError) -> BoardDescription {
    if let builtIn = try builtIn(nameOrFile, kinds: kinds) { return builtIn }
    guard nameOrFile.contains("/") || nameOrFile.hasSuffix(".yaml") || nameOrFile.hasSuffix(".yml") else {
      throw BoardFileError(
        file: nameOrFile, line: nil,
        message:
          "no board of this name\(didYouMean(nameOrFile, builtInNames + builtInNames.compactMap(alias(of:)))) (\(builtInNames.joined(separator: ", ")), or a file FILE.yaml)"
      )
    }
    return try BoardDescription(contentsOf: nameOrFile, kinds: kinds)
  }

  /// Reads a board file.
  public init(contentsOf file: String, kinds: PartRegistry = .standard) throws(BoardFileError) {
    try self.init(yaml: try BoardFileText.read(file), file: file, kinds: kinds)
  }

  /// Reads the text of a board file.
  /// - Parameter file: names it in errors.
  public init(yaml: [UInt8], file: String, kinds: PartRegistry = .standard) throws(BoardFileError) {
    self = try BoardFileReader(file: file, kinds: kinds).read(yaml)
  }
}
