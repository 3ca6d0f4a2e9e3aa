// swift-tools-version:6.2
import PackageDescription

/// A demo in Swift in a folder under Examples/, with its twin in Python beside it.
/// - Parameter files: what else stands in the folder.
func example(_ name: String, folder: String, besides files: [String]? = nil) -> Target {
  .executableTarget(
    name: name, dependencies: ["Session", "Drivers", "Machine", "Asyncio", "Timebase"],
    path: "Examples/\(folder)",
    exclude: files ?? ["\(folder).py"])
}

let examples =
  [
    (name: "Blink", folder: "blink"),
    (name: "Button", folder: "button"),
    (name: "TrafficLight", folder: "traffic_light"),
    (name: "AledFlash", folder: "aledflash"),
    (name: "APoll", folder: "apoll"),
    (name: "RoundRobin", folder: "roundrobin"),
    (name: "Rate", folder: "rate"),
    (name: "AUART", folder: "auart"),
    (name: "AUARTHalfDuplex", folder: "auart_hd"),
    (name: "Gather", folder: "gather"),
    (name: "IORW", folder: "iorw"),
    (name: "TimerFlag", folder: "timer_flag"),
    (name: "PinEdge", folder: "pin_edge"),
    (name: "Humidity", folder: "htu21d"),
    (name: "ALCD", folder: "alcd"),
    (name: "Thermostat", folder: "thermostat"),
    (name: "RemoteControl", folder: "nec_ir"),
    (name: "Position", folder: "gps"),
    (name: "GPSTime", folder: "gps_clock"),
    (name: "CalendarDemo", folder: "calendar"),
  ].map { example($0.name, folder: $0.folder) } + [
    // Of several boards.
    example("I2CStream", folder: "i2c_stream", besides: ["controller.py", "target.py", "i2c_stream.yaml"]),
    example("SynCom", folder: "syncom", besides: ["initiator.py", "passive.py", "link.py", "syncom.yaml"]),
  ]

let commit = Context.environment["VPYBOARD_COMMIT"]

/// Rooms from the ground up; each knows only the ones above it (docs/architecture.md).
let package = Package(
  name: "VirtualPyboard",
  products: [
    .executable(name: "vpyboard", targets: ["vpyboard"]),
    .library(name: "Bench", targets: ["Bench"]),
    .library(
      name: "VirtualPyboard",
      targets: ["Timebase", "Diagnostics", "Asyncio", "Machine", "Devices", "Drivers", "Session"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .target(name: "Diagnostics"),
    .target(name: "Timebase"),
    .target(name: "Asyncio", dependencies: ["Timebase", "Diagnostics"]),
    .target(
      name: "BoardFiles", path: "Boards",
      resources: [
        .embedInCode("pyboard-v1.1.yaml"), .embedInCode("pyboard-v1.0.yaml"),
        .embedInCode("pyboard-lite-v1.0.yaml"),
        .embedInCode("raspberry-pi-pico.yaml"), .embedInCode("raspberry-pi.yaml"),
        .embedInCode("board.schema.json"),
      ]),
    .target(
      name: "Pages", path: "docs",
      resources: [
        "architecture", "board", "command-line", "compatibility", "console", "contributing", "devices",
        "inline-assembler", "pitfalls", "primitives", "raspberry-pi", "security", "swift-firmware", "testing",
      ].map { Resource.embedInCode("\($0).md") }),
    // libyaml's archive is linked into the program (module.modulemap).
    .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
    .target(name: "YAML", dependencies: ["CYAML"]),
    .target(
      name: "Machine",
      dependencies: [
        "BoardFiles", "Timebase", "Diagnostics", "YAML",
      ]),
    .target(name: "Fonts"),
    .target(name: "Devices", dependencies: ["Machine", "Fonts", "YAML", "Timebase", "Diagnostics"]),
    .target(
      name: "PythonDevices",
      dependencies: ["Devices", "MicroPython", "Machine", "Timebase", "Diagnostics"],
      resources: [.embedInCode("device.py")]),
    .target(name: "CGPIOD"),
    .target(name: "LinuxGPIO", dependencies: ["CGPIOD", "Machine", "Timebase", "Diagnostics"]),
    .target(name: "Drivers", dependencies: ["Machine", "Asyncio", "Timebase", "Diagnostics"]),
    .target(name: "MicroPython", dependencies: ["Timebase", "Diagnostics", "Fonts"]),
    .target(
      name: "MicroPythonPort",
      dependencies: ["Timebase", "Asyncio", "Diagnostics", "Fonts", "Machine", "MicroPython"],
      resources: [.embedInCode("Frozen")]),
    .target(
      name: "Bench",
      dependencies: [
        "MicroPythonPort", "MicroPython", "PythonDevices", "Devices", "Machine", "Asyncio", "Timebase",
        "Diagnostics", "YAML",
      ],
      resources: [.embedInCode("Resources/unittest.py")]),
    // The Makefile says which commit it is.
    .target(
      name: "CBuild", cSettings: commit.map { [.define("VPYBOARD_COMMIT", to: "\"\($0)\"")] } ?? []),
    .target(
      name: "Session",
      dependencies: [
        "CBuild", "Timebase", "Asyncio", "Diagnostics", "YAML", "Machine", "Devices", "LinuxGPIO",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "vpyboard",
      dependencies: [
        "Session", "Bench", "MicroPythonPort", "MicroPython", "Machine", "Devices", "PythonDevices",
        "LinuxGPIO", "Timebase",
        "Diagnostics", "Pages",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // Replaces malloc, so nothing but the benchmark may link it.
    .target(name: "CAllocationCount", path: "Benchmarks/CAllocationCount"),
    .executableTarget(
      name: "bench-asyncio", dependencies: ["Asyncio", "Timebase", "CAllocationCount"],
      path: "Benchmarks/asyncio"),
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(name: "TimebaseTests", dependencies: ["Timebase"]),
    .testTarget(name: "YAMLTests", dependencies: ["YAML"]),
    .testTarget(name: "AsyncioTests", dependencies: ["Asyncio", "Timebase", "Diagnostics"]),
    .testTarget(name: "MicroPythonTests", dependencies: ["MicroPython"]),
    .testTarget(
      name: "MicroPythonPortTests",
      dependencies: ["Bench", "MicroPythonPort", "Machine", "Asyncio", "Timebase", "Diagnostics"]),
    .testTarget(name: "MachineTests", dependencies: ["Bench", "Machine", "Timebase", "Diagnostics"]),
    .testTarget(
      name: "DevicesTests",
      dependencies: [
        "Bench", "Devices", "PythonDevices", "MicroPythonPort", "Machine", "Asyncio", "Timebase",
        "Diagnostics",
        "YAML",
      ]),
    .testTarget(
      name: "DriversTests", dependencies: ["Bench", "Drivers", "Machine", "Asyncio", "Timebase"]),
    .testTarget(
      name: "TwinTests",
      dependencies: [
        "Session", "Bench", "Drivers", "MicroPythonPort", "Machine", "Asyncio", "Timebase", "Diagnostics",
      ],
      exclude: ["Scenarios"]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["vpyboard"] + examples.map { .target(name: $0.name) },
      exclude: ["Expected", "Fixtures"]),
    .testTarget(name: "BenchTests", dependencies: ["Bench", "Drivers", "Machine", "Timebase"]),
    .testTarget(
      name: "LinuxGPIOTests",
      dependencies: ["Bench", "LinuxGPIO", "Machine", "Timebase", "Diagnostics"]),
    // Run inside a virtual machine by tools/bench-gpio and tools/test-gpio.
    .executableTarget(
      name: "bench-gpio", dependencies: ["Session", "Machine", "Asyncio", "Timebase"],
      path: "Benchmarks/gpio/Firmware"),
    .executableTarget(
      name: "gpio-edges", dependencies: ["Session", "Machine", "Asyncio", "Timebase"],
      path: "Tests/GPIOVM/EdgeTimes"),
    .executableTarget(
      name: "gpio-claim", dependencies: ["Session", "Machine", "Asyncio"], path: "Tests/GPIOVM/Claim"),
  ] + examples,
  swiftLanguageModes: [.v6]
)
