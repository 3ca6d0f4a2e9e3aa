import Testing

/// A demo under Examples/, in Python and in Swift.
struct Example: Sendable, CustomTestStringConvertible {
  var name: String
  /// The Swift twin's executable.
  var executable: String
  var options: [String] = []
  /// Exactly what it prints, without the hints how to run it again that only Python's console has a use for.
  var output: String

  var testDescription: String { name }
  var pythonFile: String { "Examples/\(name)/\(name).py" }

  /// All but roundrobin and rate, whose output has measured numbers in it.
  static let all = [
    Example(name: "blink", executable: "Blink", options: ["--for", "3s"], output: ""),
    Example(
      name: "button", executable: "Button",
      options: ["--at", "1s:press=USR", "--at", "1.2s:release=USR", "--at", "2s:press=USR", "--for", "3s"],
      output: "Press the button.\nPressed\nPressed\n"),
    Example(
      name: "traffic_light", executable: "TrafficLight", options: ["--for", "9s"],
      output: ""),
    Example(name: "aledflash", executable: "AledFlash", output: "Flash LED's for 10 seconds\n"),
    Example(
      name: "apoll", executable: "APoll", options: ["--at", "5s:tilt=10,0,20", "--at", "8s:tilt=0,-3,21"],
      output: """
        Testing accelerometer for 20 secs. Move the Pyboard!
        Test runs for 20s.
        Timeout waiting for accelerometer change
        Timeout waiting for accelerometer change
        Value x: 10 y:  0 z: 20
        Timeout waiting for accelerometer change
        Value x:  0 y: -3 z: 21
        Timeout waiting for accelerometer change
        Timeout waiting for accelerometer change
        Timeout waiting for accelerometer change
        Timeout waiting for accelerometer change
        Timeout waiting for accelerometer change
        Test complete!

        """),
    Example(
      name: "auart", executable: "AUART", options: ["--wire", "X1-X2", "--for", "9s"],
      output: String(repeating: "Received b'Hello uart\\n'\n", count: 5)),
    Example(
      name: "auart_hd", executable: "AUARTHalfDuplex", options: ["--wire", "X1-X4", "--wire", "X2-X3"],
      output: """
        This test takes 10s to complete.

        Command sent: Run
        Result is:
        Line 1
        Line 2
        Line 3
        Goodbye

        Timeout test.
        Timed out waiting for result.

        """),
    Example(
      name: "gather", executable: "Gather",
      output: """
        Start cancellable bar()
        Start normal coro barking()
        Start timeout coro foo()
        About to cancel bar
        Trapped bar cancellation.
        Done barking.
        Trapped foo timeout.
        foo timed out.
        Result:  No result

        """),
    Example(
      name: "iorw", executable: "IORW", options: ["--for", "10.5s"],
      output: String(repeating: "Received b'ready\\n'\n", count: 5) + "Wrote Hello MyIO 1\n"
        + String(repeating: "Received b'ready\\n'\n", count: 3)),
    Example(
      name: "timer_flag", executable: "TimerFlag", options: ["--for", "5.5s"],
      output: String(repeating: "Triggered\n", count: 5)),
    Example(
      name: "pin_edge", executable: "PinEdge", options: ["--wire", "X1-X2", "--for", "5.2s"],
      output: String(repeating: "Got edge.\n", count: 5)),
    Example(
      name: "htu21d", executable: "Humidity",
      options: [
        "--device", "htu21d@X9,X10,temperature=21.5,humidity=40", "--at", "3s:htu21d.temperature=-8.2",
        "--for", "12s",
      ],
      output: """
        Temp  21.5 Humidity  40.0
        Temp  -8.2 Humidity  40.0
        Temp  -8.2 Humidity  40.0

        """),
    Example(
      name: "alcd", executable: "ALCD", options: ["--device", "hd44780:lcd@Y1,Y2,Y6,Y5,Y4,Y3"], output: ""),
    Example(
      name: "thermostat", executable: "Thermostat",
      options: [
        "--device", "htu21d:room@X9,X10,temperature=21.5", "--at", "2.5s:room.temperature=27.5", "--for",
        "5s",
      ],
      output: String(repeating: "21.5 °C\n", count: 3) + String(repeating: "27.5 °C\n", count: 2)),
    Example(
      name: "nec_ir", executable: "RemoteControl",
      options: [
        "--device", "ir_receiver:ir@X3", "--at", "1s:ir.command=162,300ms", "--at", "2s:ir.address=4660",
        "--at", "2100ms:ir.command=7", "--at", "2500ms:ir.noise=1", "--at", "2600ms:ir.command=9", "--for",
        "3s",
      ],
      output: """
        command 162 address 0
        held
        held
        command 7 address 4660
        not understood: complement

        """),
    Example(
      name: "gps", executable: "Position",
      options: [
        "--device", "gps@tx:X2,rx:X1,latitude=47.5,longitude=8.25,altitude=450,speed=20,course=110",
      ],
      output: """
        2018-06-15 12:00:01 47°29.9981'N 8°15.0077'E 450 m ESE
        firmware AXN_2.31_3339_13101700,5632,PA6H,1.0
        2018-06-15 12:00:03 47°29.9943'N 8°15.0232'E 450 m ESE
        2018-06-15 12:00:05 47°29.9905'N 8°15.0386'E 450 m ESE
        2018-06-15 12:00:07 47°29.9867'N 8°15.0541'E 450 m ESE
        wrong check sums: 0

        """),
    Example(
      name: "gps_clock", executable: "GPSTime", options: ["--device", "gps@tx:X2,rx:X1,pps:X3"],
      output: """
        before: 2015-01-01 00:00:01
        after: 2018-06-15 12:00:03
        apart: 0 ms
        apart: 0 ms
        apart: 0 ms

        """),
    Example(
      name: "calendar", executable: "CalendarDemo",
      output: """
        2015-01-01 00:15:00
        2015-01-01 00:30:00
        2015-01-01 00:45:00
        2015-01-01 01:00:00
        ring
        2015-01-01 01:15:00
        2015-01-01 01:30:00

        """),
  ]
}
