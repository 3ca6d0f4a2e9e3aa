// swift-tools-version:6.2
import PackageDescription

/// A demo under Examples/ in Swift; its twin in Python lies beside it.
func example(_ name: String, folder: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["Session", "Machine", "Asyncio", "Timebase"], path: "Examples/\(folder)",
    exclude: ["\(folder).py"])
}

let examples = [
  example("AledFlash", folder: "aledflash"),
  example("APoll", folder: "apoll"),
  example("RoundRobin", folder: "roundrobin"),
  example("Rate", folder: "rate"),
  example("AUART", folder: "auart"),
  example("AUARTHalfDuplex", folder: "auart_hd"),
  example("Gather", folder: "gather"),
  example("IORW", folder: "iorw"),
  example("TimerFlag", folder: "timer_flag"),
  example("PinEdge", folder: "pin_edge"),
]

/// Rooms from the ground up; each knows only the ones above it (docs/architecture.md).
let package = Package(
  name: "VirtualPyboard",
  products: [
    .executable(name: "vpyboard", targets: ["vpyboard"]),
    .library(
      name: "VirtualPyboard",
      targets: ["Timebase", "Diagnostics", "Asyncio", "Machine", "Session"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    .target(name: "Diagnostics"),
    .target(name: "Timebase"),
    .target(name: "Asyncio", dependencies: ["Timebase", "Diagnostics"]),
    .target(
      name: "BoardFiles", path: "Boards",
      resources: [.embedInCode("pyboard-v1.1.yaml"), .embedInCode("raspberry-pi-pico.yaml")]),
    .target(
      name: "Machine",
      dependencies: [
        "BoardFiles", "Timebase", "Asyncio", "Diagnostics", .product(name: "Yams", package: "Yams"),
      ]),
    .target(name: "MicroPython", dependencies: ["Timebase", "Diagnostics"]),
    .target(
      name: "MicroPythonPort",
      dependencies: ["Timebase", "Asyncio", "Diagnostics", "Machine", "MicroPython"],
      resources: [.embedInCode("Frozen")]),
    .target(
      name: "Session",
      dependencies: [
        "Timebase", "Asyncio", "Diagnostics", "Machine",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "vpyboard",
      dependencies: [
        "Session", "MicroPythonPort", "MicroPython", "Machine", "Timebase", "Diagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // Replaces malloc, so nothing but the benchmark may link it.
    .target(name: "CAllocationCount", path: "Benchmarks/CAllocationCount"),
    .executableTarget(
      name: "bench-asyncio", dependencies: ["Asyncio", "Timebase", "CAllocationCount"],
      path: "Benchmarks/asyncio"),
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(name: "TimebaseTests", dependencies: ["Timebase"]),
    .testTarget(name: "AsyncioTests", dependencies: ["Asyncio", "Timebase", "Diagnostics"]),
    .testTarget(name: "MicroPythonTests", dependencies: ["MicroPython"]),
    .testTarget(
      name: "MicroPythonPortTests",
      dependencies: ["MicroPythonPort", "Machine", "Asyncio", "Timebase", "Diagnostics"]),
    .testTarget(name: "MachineTests", dependencies: ["Machine", "Timebase", "Diagnostics"]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["vpyboard"] + examples.map { .target(name: $0.name) },
      exclude: ["Expected", "Fixtures"]),
  ] + examples,
  swiftLanguageModes: [.v6]
)
