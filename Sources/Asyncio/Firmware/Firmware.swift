/// The actor that all Swift firmware is isolated to. What one task sees, no interrupt handler and no other thread can
/// touch; the compiler rejects the attempt.
@globalActor
public actor Firmware {
  public static let shared = Firmware()

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Not looked up in a global variable at each hop.
  private nonisolated let executor = FirmwareExecutor.shared
}
