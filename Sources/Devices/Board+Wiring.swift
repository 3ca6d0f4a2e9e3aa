import Machine
import Timebase

extension Board {
  /// Makes the devices of a wiring and puts its wires, resistors and events in place. Events whose time has come happen at once.
  /// - Returns: the devices, in the wiring's order.
  /// - Throws: the first mistake, with its place; the board is then not to be used.
  @discardableResult
  public func wire(
    _ wiring: Wiring, kinds: DeviceRegistry = .standard
  ) throws(WiringError) -> [any Device] {
    var devices: [any Device] = []
    for request in wiring.devices { devices.append(try make(request, kinds)) }
    for wire in wiring.wires { try connect(wire.ends.0, wire.ends.1, place: wire.place) }
    for request in wiring.pulls { try pull(request) }
    for (device, request) in zip(devices, wiring.devices) { try connectStandardPins(of: device, request) }
    try refuseSharedAddresses(zip(devices, wiring.devices).map { ($0, $1.place) })
    for (device, request) in zip(devices, wiring.devices) { try setControls(of: device, request) }
    for device in devices { device.site.start() }
    for event in wiring.events {
      do { try schedule([event.stimulus]) } catch { throw WiringError(event.place, error.description) }
    }
    interrupts.poll()
    return devices
  }

  /// Wires one device to the board: `board.attach("dht22:room@X1,temperature=21.5")`.
  @discardableResult
  public func attach(_ text: String, kinds: DeviceRegistry = .standard) throws(WiringError) -> any Device {
    var wiring = Wiring()
    try wiring.addDevice(text)
    return try wire(wiring, kinds: kinds)[0]
  }

  /// Devices wired to the board, in the order in which they were made.
  public var devices: [any Device] { addedParts.compactMap { $0 as? any Device } }

  // MARK: Making

  private func make(
    _ request: Wiring.DeviceRequest, _ kinds: DeviceRegistry
  ) throws(WiringError) -> any Device {
    let found: FoundDevice?
    do { found = try kinds.find(request.kind) } catch { throw WiringError(request.place, error.description) }
    guard let found else {
      let hint = didYouMean(request.kind, kinds.names)
      throw WiringError(
        request.place,
        "no kind of device \"\(request.kind)\"\(hint) (\(kinds.names.joined(separator: ", ")))")
    }
    let kind = found.kind
    let site = DeviceSite(
      name: try name(of: request, kind), kind: kind, values: try keys(request, of: kind), context: context)
    let device: any Device
    do { device = try found.make(site) } catch { throw WiringError(request.place, error.description) }
    try refuseUnknownKeys(request, of: device)
    do { try add(device) } catch { throw WiringError(request.place, error.description) }
    if let alias = request.alias { call(device, alias) }
    try connectPins(of: site, request)
    watch(device)
    return device
  }

  private func name(
    of request: Wiring.DeviceRequest, _ kind: DeviceKind
  ) throws(WiringError) -> String {
    if let name = request.name {
      let isWord = name.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains($0)
      }
      guard isWord, !name.hasPrefix("-") else {
        throw WiringError(request.place, "\"\(name)\" cannot be a name: letters, digits and _ can")
      }
      return name
    }
    var (name, number) = (kind.name, 1)
    while part(named: name) != nil {
      number += 1
      name = "\(kind.name)_\(number)"
    }
    return name
  }

  private func keys(
    _ request: Wiring.DeviceRequest, of kind: DeviceKind
  ) throws(WiringError) -> [String: PartValue] {
    var values: [String: PartValue] = [:]
    for key in kind.keys { values[key.name] = key.standard }
    for (name, text) in request.values {
      guard let key = kind.keys.first(where: { $0.name == name }) else { continue }
      guard let value = key.value(of: text) else {
        throw WiringError(request.place(of: name), "\(name) cannot be \"\(text)\": it takes \(key.summary)")
      }
      values[name] = value
    }
    return values
  }

  private func refuseUnknownKeys(
    _ request: Wiring.DeviceRequest, of device: any Device
  ) throws(WiringError) {
    let kind = device.site.kind
    let names = kind.keys.map(\.name) + device.allControls.map(\.name)
    for (name, _) in request.values where !names.contains(name) {
      // In a wiring file pins are keys too.
      let pins = kind.pins.map(\.name)
      let list = names.isEmpty ? "it has none" : names.joined(separator: ", ")
      throw WiringError(
        request.place(of: name),
        "a \(kind.name) has no key \"\(name)\"\(didYouMean(name, names + pins)) (\(list))")
    }
  }

  /// Sets controls to the initial values that a wiring gives beside the keys of the kind.
  private func setControls(
    of device: any Device, _ request: Wiring.DeviceRequest
  ) throws(WiringError) {
    let controls = device.allControls
    for (name, text) in request.values {
      guard let control = controls.first(where: { $0.name == name }) else { continue }
      guard let setting = control.setting(of: text) else {
        throw WiringError(
          request.place(of: name),
          "\(name) cannot be \"\(text)\": it takes \(control.summary), as in \(control.example)")
      }
      control.set(setting)
    }
  }

  // MARK: Wires

  private func connectPins(of site: DeviceSite, _ request: Wiring.DeviceRequest) throws(WiringError) {
    let kind = site.kind
    var open = kind.placedPins
    var wired: Set<String> = []
    for (role, end) in request.pins {
      let place = role.map { request.place(of: $0) } ?? request.place
      let pin: DeviceKind.Pin
      if let role {
        guard let named = kind.pin(role) else {
          let names = kind.pins.map(\.name)
          throw WiringError(
            place,
            "a \(kind.name) has no pin \"\(role)\"\(didYouMean(role, names)) (\(names.joined(separator: ", ")))"
          )
        }
        pin = named
      } else {
        guard let next = open.first else {
          let names = kind.placedPins.map(\.name).joined(separator: ", ")
          throw WiringError(place, "there is no pin for \(end): a \(kind.name) has \(names)")
        }
        pin = next
      }
      open.removeAll { $0.name == pin.name }
      guard wired.insert(pin.name).inserted else {
        throw WiringError(place, "its pin \(pin.name) is there twice")
      }
      try connect("\(site.name).\(pin.name)", end, place: place)
    }
  }

  /// Pins that go where they usually go unless a wire says otherwise; refuses pins that have to be wired and are not.
  private func connectStandardPins(
    of device: any Device, _ request: Wiring.DeviceRequest
  ) throws(WiringError) {
    let kind = device.site.kind
    for (pin, terminal) in zip(kind.pins, device.site.terminals) where !terminal.isWired {
      if let standard = pin.standard {
        try connect(terminal.fullName, standard, place: request.place)
      } else if !pin.isOptional {
        let names = kind.placedPins.map { $0.isOptional ? "[\($0.name)]" : $0.name }.joined(separator: ", ")
        throw WiringError(
          request.place,
          "nothing is wired to its pin \(pin.name): a \(kind.name) needs \(names), as in "
            + "\(kind.name)@\(kind.example(of: self))")
      }
    }
  }

  private func connect(_ first: String, _ second: String, place: String) throws(WiringError) {
    do { try connect(first, second) } catch { throw WiringError(place, error.description) }
  }

  private func pull(_ request: Wiring.PullRequest) throws(WiringError) {
    do {
      let driver = NetDriver(name: "pull-\(request.pull == .up ? "up" : "down") on \(request.end)")
      try net(named: request.end).attach(driver)
      driver.hold(request.pull)
    } catch { throw WiringError(request.place, error.description) }
  }

  private func refuseSharedAddresses(_ devices: [(device: any Device, place: String)]) throws(WiringError) {
    let all = self.devices
    for (device, place) in devices {
      guard let device = device as? any I2CDevice else { continue }
      // Each with those before it, so that the place is that of the later one.
      for case let other as any I2CDevice in all.prefix(while: { $0 !== device }) {
        guard device.bus.scl.net === other.bus.scl.net, device.bus.sda.net === other.bus.sda.net,
          let address = Set(device.bus.addresses).intersection(other.bus.addresses).min()
        else { continue }
        let hasKey = [other, device].contains { $0.site.kind.keys.contains { $0.name == "address" } }
        throw WiringError(
          place,
          "\(other.name) and \(device.name) are both at address 0x\(String(address, radix: 16)) of one I2C bus: give one "
            + "of them \(hasKey ? "another (address=0x…), or " : "")other pins")
      }
    }
  }

  // MARK: Traces

  /// Writes changes of a device's signals into the trace in words.
  private func watch(_ device: any Device) {
    guard trace.isOn else { return }
    let (trace, name) = (trace, device.name)
    for signal in device.signals {
      let prefix = "\(name).\(signal.name) "
      device.site.keep(
        signal.observe { value, time in trace.record(TraceEntry(prefix + Self.oneLine("\(value)")), at: time)
        })
    }
  }

  private static func oneLine(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
  }
}

extension DeviceKind {
  /// Pins of a board that it could be wired to, for a message: `X1,X2`.
  func example(of board: Board) -> String {
    let names = board.pins.boardNames.prefix(placedPins.count(where: { !$0.isOptional }))
    return names.joined(separator: ",")
  }
}
