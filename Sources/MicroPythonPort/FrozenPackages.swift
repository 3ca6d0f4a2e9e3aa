import MicroPython

/// The packages of the firmware that are written in Python. Their files are embedded under names without folders, so
/// each has a name of its own.
struct FrozenPackages {
  private static let asyncio: KeyValuePairs<String, @Sendable () -> [UInt8]> = [
    "": { PackageResources.asyncio_py },
    "event": { PackageResources.event_py },
    "lock": { PackageResources.lock_py },
    "funcs": { PackageResources.funcs_py },
    "stream": { PackageResources.stream_py },
  ]

  private static let primitives: KeyValuePairs<String, @Sendable () -> [UInt8]> = [
    "": { PackageResources.primitives_py },
    "aadc": { PackageResources.aadc_py },
    "barrier": { PackageResources.barrier_py },
    "broker": { PackageResources.broker_py },
    "condition": { PackageResources.condition_py },
    "contact": { PackageResources.contact_py },
    "delay_ms": { PackageResources.delay_ms_py },
    "encoder": { PackageResources.encoder_py },
    "events": { PackageResources.events_py },
    "pushbutton": { PackageResources.pushbutton_py },
    "queue": { PackageResources.queue_py },
    "ringbuf_queue": { PackageResources.ringbuf_queue_py },
    "semaphore": { PackageResources.semaphore_py },
    "sw_array": { PackageResources.sw_array_py },
    "switch": { PackageResources.switch_py },
  ]

  private static let threadsafe: KeyValuePairs<String, @Sendable () -> [UInt8]> = [
    "": { PackageResources.threadsafe_py },
    "context": { PackageResources.context_py },
    "message": { PackageResources.message_py },
    "threadsafe_event": { PackageResources.threadsafe_event_py },
    "threadsafe_queue": { PackageResources.threadsafe_queue_py },
  ]

  /// Drivers, each a module of its own.
  private static let drivers: KeyValuePairs<String, @Sendable () -> [UInt8]> = [
    "onewire": { PackageResources.onewire_py },
    "ds18x20": { PackageResources.ds18x20_py },
    "dht": { PackageResources.dht_py },
    "neopixel": { PackageResources.neopixel_py },
  ]

  func add(to vm: Interpreter) {
    for (module, source) in Self.drivers {
      vm.addFrozenModule(
        module, path: "\(module).py", isPackage: false, source: FrozenSource(marked: source()).bytes)
    }
    add("asyncio", Self.asyncio, to: vm)
    add("primitives", Self.primitives, to: vm)
    add("threadsafe", Self.threadsafe, to: vm)
    for (module, _) in Self.asyncio {
      vm.addModuleAlias(module.isEmpty ? "uasyncio" : "uasyncio." + module, for: name(module, in: "asyncio"))
    }
    vm.addModuleAlias("uasyncio.core", for: "asyncio.core")
  }

  private func add(
    _ package: String, _ modules: KeyValuePairs<String, @Sendable () -> [UInt8]>, to vm: Interpreter
  ) {
    for (module, source) in modules {
      vm.addFrozenModule(
        name(module, in: package), path: "\(package)/\(module.isEmpty ? "__init__" : module).py",
        isPackage: module.isEmpty, source: FrozenSource(marked: source()).bytes)
    }
  }

  private func name(_ module: String, in package: String) -> String {
    module.isEmpty ? package : package + "." + module
  }
}
