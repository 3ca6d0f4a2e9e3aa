/// Which of Wokwi's part types are which kinds of device here.
enum WokwiParts {
  struct Model: Sendable {
    let type: String
    let kind: String
    /// Keys that follow from the type.
    var values: [(key: String, text: String)] = []
    var attributes: [String: Rule] = [:]
    /// Factors for values of controls that have other units there than here.
    var factors: [String: Double] = [:]
  }

  /// Translation of an attribute: a key or the first value of a control.
  struct Rule: Sendable {
    let key: String
    /// `nil` for what cannot be; empty for nothing to be set.
    let convert: @Sendable (String) -> String?

    static func same(_ key: String) -> Rule { Rule(key: key) { $0 } }

    /// A number in other units.
    static func scaled(_ key: String, by factor: Double) -> Rule {
      Rule(key: key) { text in Double(text).map { "\($0 * factor)" } }
    }
  }

  static let boards = [
    "wokwi-pi-pico": "raspberry-pi-pico", "board-pi-pico": "raspberry-pi-pico",
    "board-pi-pico-w": "raspberry-pi-pico", "board-pyboard-v11": "pyboard-v1.1",
  ]

  /// Parts that a board has beyond the one that stands for it here.
  static let missing = ["board-pi-pico-w": "the wireless chip of a Pico W, with its LED,"]

  /// Parts that are a supply: their name here, whatever the pin is called.
  static let supplies = ["wokwi-gnd": "GND", "wokwi-vcc": "5V"]

  /// Whether a type is one of Wokwi's boards, modelled or not.
  static func isBoard(_ type: String) -> Bool {
    let families = ["arduino", "attiny", "esp32", "franzininho", "pi-pico", "stm32"]
    return type.hasPrefix("board-") || families.contains { type.hasPrefix("wokwi-\($0)") }
  }

  static let all: [Model] = [
    button("wokwi-pushbutton"), button("wokwi-pushbutton-6mm"),
    Model(
      type: "wokwi-slide-switch", kind: "slide_switch",
      attributes: [
        "value": Rule(key: "position") { $0.isEmpty ? "0" : $0 },
        "bounce": Rule(key: "bounce") { $0 == "0" ? "" : "1ms" },
      ]),
    Model(type: "wokwi-led", kind: "led", attributes: ["color": .same("colour")]),
    potentiometer("wokwi-potentiometer"), potentiometer("wokwi-slide-potentiometer"),
    Model(
      type: "wokwi-dht22", kind: "dht22",
      attributes: ["temperature": .same("temperature"), "humidity": .same("humidity")]),
    thermometer("wokwi-ds18b20"), thermometer("board-ds18b20"),
    Model(
      type: "wokwi-hc-sr04", kind: "hcsr04", values: [("distance", "400")],
      attributes: ["distance": .same("distance")]),
    display("board-ssd1306"), display("wokwi-ssd1306"),
    Model(type: "wokwi-rgb-led", kind: "rgb_led", attributes: ["common": .same("common")]),
    pixels("wokwi-neopixel", "1"), pixels("wokwi-led-strip", "8"), pixels("wokwi-led-ring", "16"),
    Model(type: "wokwi-buzzer", kind: "buzzer"),
    Model(type: "wokwi-servo", kind: "servo"),
    Model(type: "wokwi-ky-040", kind: "encoder"),
    Model(
      type: "wokwi-membrane-keypad", kind: "keypad",
      attributes: ["columns": Rule(key: "keys") { $0 == "3" ? "123456789*0#" : "" }]),
    Model(
      type: "wokwi-mpu6050", kind: "mpu6050",
      attributes: Dictionary(
        uniqueKeysWithValues: [
          "accelX", "accelY", "accelZ", "rotationX", "rotationY", "rotationZ", "temperature",
        ].map {
          ($0, .same($0))
        })),
    Model(
      type: "board-bmp180", kind: "bmp180",
      attributes: [
        // In pascal there.
        "temperature": .same("temperature"), "pressure": .scaled("pressure", by: 0.01),
      ], factors: ["pressure": 0.01]),
    Model(
      type: "wokwi-ds1307", kind: "ds1307",
      attributes: ["initTime": Rule(key: "start") { time($0) }]),
    Model(type: "wokwi-74hc595", kind: "74hc595"), Model(type: "wokwi-74hc165", kind: "74hc165"),
    Model(type: "wokwi-ir-receiver", kind: "ir_receiver"),
    Model(type: "wokwi-microsd-card", kind: "sdcard"),
  ]

  /// The model of a part type, which for character displays depends on an attribute.
  static func model(of type: String, _ attributes: [(String, String)]) -> Model? {
    let sizes = ["wokwi-lcd1602": ("16", "2"), "wokwi-lcd2004": ("20", "4")]
    guard let (columns, rows) = sizes[type] else { return all.first { $0.type == type } }
    let isOnI2C = attributes.contains { $0 == ("pins", "i2c") }
    return Model(
      type: type, kind: isOnI2C ? "lcd_i2c" : "hd44780", values: [("columns", columns), ("rows", rows)],
      attributes: [
        "pins": Rule(key: "pins") { $0 == "i2c" || $0 == "full" ? "" : nil }, "i2cAddress": .same("address"),
        "i2c-address": .same("address"), "variant": Rule(key: "variant") { _ in "" },
      ])
  }

  /// Kinds in front of which a resistor only limits the current.
  static let lights: Set<String> = ["led", "rgb_led"]

  /// Parts that do nothing.
  static let ornaments: Set<String> = [
    "wokwi-ir-remote", "wokwi-text",
  ]

  /// Attributes that say what a part looks like.
  static let looks: Set<String> = [
    "color", "lightColor", "label", "gamma", "flip", "fps", "xray", "key", "travelLength", "horn",
    "hornColor", "volume", "mode",
    "background", "pixelShape", "pixelSize",
  ]

  /// Pins of boards that are neither pins of the processor nor supplies.
  static let deadPins: Set<String> = [
    "RUN", "3V3_EN", "ADC_VREF", "SWCLK", "SWDIO", "TP4", "TP5", "RST", "A3V3",
  ]

  /// The supply that a pin of a board is: `GND.2`, `VBUS`.
  static func supply(of pin: String) -> String? {
    switch pin.split(separator: ".").first ?? "" {
    case "GND", "AGND": "GND"
    case "3V3": "3V3"
    case "VBUS", "VSYS", "VIN", "V+", "5V": "5V"
    default: nil
    }
  }

  private static func pixels(_ type: String, _ count: String) -> Model {
    Model(type: type, kind: "ws2812", values: [("pixels", count)], attributes: ["pixels": .same("pixels")])
  }

  /// `now` would be another time in each run: the clock begins with the century.
  private static func time(_ text: String) -> String? {
    if text == "now" || text == "0" { return "" }
    let plain = text.hasSuffix("Z") ? String(text.dropLast()) : text
    return plain.replacing("T", with: " ")
  }

  private static func button(_ type: String) -> Model {
    // Contacts bounce for a millisecond unless the attribute says otherwise.
    Model(
      type: type, kind: "button", values: [("bounce", "1ms")],
      attributes: ["bounce": Rule(key: "bounce") { $0 == "0" ? "0ms" : "1ms" }])
  }

  private static func potentiometer(_ type: String) -> Model {
    Model(type: type, kind: "pot", attributes: ["value": .scaled("position", by: 1.0 / 1023)])
  }

  private static func thermometer(_ type: String) -> Model {
    Model(
      type: type, kind: "ds18b20",
      attributes: ["temperature": .same("temperature"), "deviceID": .same("rom")])
  }

  private static func display(_ type: String) -> Model {
    Model(type: type, kind: "ssd1306", attributes: ["i2cAddress": .same("address")])
  }
}
