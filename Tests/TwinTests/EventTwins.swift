import Asyncio

@Firmware func eventsTwin(_ out: Output) async throws {
  @Firmware func setLater(_ event: Event, _ milliseconds: Int) {
    createTask {
      try await sleepMs(milliseconds)
      event.set()
    }
  }
  @Firmware func work(_ number: Int) async throws -> Int {
    try await sleepMs(10 * number)
    out.print("worked", number)
    return number
  }
  let (one, two, three) = (Event(), Event(), Event())
  setLater(two, 20)
  let either = WaitAny(one, two)
  out.print(try await either.wait() === two, either.event === two)
  either.clear()
  out.print(two.isSet)
  setLater(one, 10)
  setLater(three, 30)
  let both = WaitAll(one, WaitAny(two, three))
  try await both.wait()
  out.print(one.isSet, two.isSet, three.isSet)
  both.clear()
  out.print(one.isSet, two.isSet, three.isSet)
  let delay = RetriggerableDelay(milliseconds: 20)
  try delay.trigger()
  out.print(try await WaitAny(one, delay).wait() === delay)
  let elo = ELO { try await work(2) }
  let other = ELO(createTask { try await work(9) })
  out.print(try await WaitAny(elo, other).wait() === elo)
  out.print(try await elo.task.value)
  try other.task.cancel()
  try await WaitAll(elo, other).wait()
  out.print(other.wasCancelled)
  do {
    try await waitForMs(20) { try await WaitAll(one, two).wait() }
  } catch is TimeoutError {
    out.print("too late")
  }
  one.set()
  out.print(try await WaitAny(two, one).wait() === one)
}

@Firmware func brokerTwin(_ out: Output) async throws {
  final class Printer: MessageAgent {
    let out: Output
    init(_ out: Output) { self.out = out }
    func put(_ topic: Topic<Bool>, _ message: Bool) { out.print("object", topic, message) }
  }
  let broker = Broker()
  broker.isVerbose = false
  try broker.publish(Topic("nobody"), 1)
  let (one, two, three): (Topic<Int>, Topic<Int>, Topic<Int>) = ("one", "two", "three")
  let queue = RingbufQueue<Publication<Int>>(size: 10)
  broker.subscribe(one, .queue(queue))
  broker.subscribe(two, .queue(queue))
  let texts = Topic<String>("two")
  createTask { for try await item in queue { out.print("queue", item.topic, item.message) } }
  let event = Event()
  broker.subscribe(Topic<Void>("event"), .event(event))
  broker.subscribe(Topic<String>("function"), .function { out.print("function", $0, $1, 42) })
  broker.subscribe(
    Topic<String>("coroutine"),
    .task { topic, message in
      try await sleepMs(10)
      out.print("coroutine", topic, message)
    })
  let printer = Printer(out)
  let (red, green, plain): (Topic<Bool>, Topic<Bool>, Topic<Bool>) = ("red_led", "green_led", "led")
  broker.subscribe(matching: /.*_led/, .object(printer))
  broker.subscribe(red, .object(printer))
  try broker.publish(one, 1)
  try broker.publish(two, 2)
  try broker.publish(three, 3)
  // Another topic, since its messages have another type.
  try broker.publish(texts, "no number")
  try await sleepMs(10)
  try broker.publish(Topic<Void>("event"))
  out.print(event.isSet)
  try broker.publish(Topic<String>("function"), "f")
  try broker.publish(Topic<String>("coroutine"), "c")
  try await sleepMs(20)
  try broker.publish(red, true)
  try broker.publish(green, true)
  try broker.publish(plain, true)
  broker.unsubscribe(one, queue)
  try broker.publish(one, 10)
  try broker.publish(two, 20)
  try await sleepMs(10)
  let (small, ring) = (Queue<Publication<Int>>(maxSize: 2), RingbufQueue<Publication<Int>>(size: 3))
  broker.subscribe(Topic<Int>("small"), .queue(small))
  broker.subscribe(Topic<Int>("ring"), .queue(ring))
  for number in 0..<4 {
    try broker.publish(Topic<Int>("small"), number)
    try broker.publish(Topic<Int>("ring"), number)
  }
  out.print(
    [try small.getNowait().message, try small.getNowait().message],
    [try ring.getNowait().message, try ring.getNowait().message])
}

@Firmware func tasksTwin(_ out: Output) async throws {
  struct Bad: Error, CustomStringConvertible { let description = "bad" }
  @Firmware func add(_ left: Int, _ right: Int) async throws -> Int {
    try await sleepMs(10)
    out.print("adds", left, right)
    return left + right
  }
  @Firmware func fails(_ milliseconds: Int) async throws -> Int {
    try await sleepMs(milliseconds)
    throw Bad()
  }
  @Firmware func forever(_ name: String) async throws {
    do {
      while true {
        try await sleepMs(20)
        out.print("still", name)
      }
    } catch {
      out.print("cancelled", name)
      throw error
    }
  }
  out.print(launch { 1 + 1 })
  out.print(try await launch { try await add(1, 2) }.value)
  let (two, four) = try await gather({ try await add(1, 1) }, { try await add(2, 2) })
  out.print([two, four])
  let (six, bad) = try await gatherResults({ try await add(3, 3) }, { try await fails(5) })
  if case .failure(let error) = bad { out.print(try six.get(), error) }
  do {
    _ = try await gather({ try await fails(5) }, { try await add(4, 4) })
  } catch {
    out.print("gather", error)
  }
  try await sleepMs(20)
  do { try await waitForMs(50) { try await forever("limited") } } catch is TimeoutError {
    out.print("too late")
  }
  out.print(try await waitForMs(50) { try await add(5, 5) })
  let task = createTask { try await forever("awaited") }
  let waiters = (0..<2).map { _ in
    createTask {
      do { try await task.value } catch is CancelledError { out.print("the awaited one was cancelled") }
    }
  }
  try await sleepMs(30)
  try waiters[0].cancel()
  try await sleepMs(30)
  out.print(task.isDone, waiters[0].isDone, waiters[1].isDone)
  let lock = Lock()
  _ = try await gather(
    (0..<3).map { number in
      createTask {
        try await lock.withLock {
          out.print("has the lock", number)
          try await sleepMs(10)
        }
      }
    })
  out.print(lock.isLocked)
}
