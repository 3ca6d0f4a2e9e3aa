/// Lines of MicroPython's `asyncio/core.py` (v1.29) that tracebacks name where here native code runs.
enum CoreLine {
  static let sleepAssertion = 56
  static let sleepTicks = 57
  static let sleep = 63
  static let enqueueRead = 95
  static let enqueueWrite = 98
  static let streamAssertion = 83
  static let poll = 114
  static let promote = 139
  static let createTask = 145
  static let waitForStreams = 177
  static let send = 186
  static let throwInto = 193
  static let endAssertion = 196
  static let raiseFromMain = 203
  static let callHandler = 240
  static let run = 248
  static let runForever = 272
  static let loopRunUntilComplete = 276
  static let currentTask = 310
}
