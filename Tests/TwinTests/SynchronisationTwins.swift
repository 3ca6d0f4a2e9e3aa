import Asyncio

@Firmware func semaphoreTwin(_ out: Output) async throws {
  @Firmware func worker(_ number: Int, _ semaphore: Semaphore) async throws {
    try out.say("asks", number)
    try await semaphore.withPermit {
      try out.say("has", number)
      try await sleepMs(20 * number)
    }
    try out.say("gave", number)
  }
  let semaphore = Semaphore(2)
  _ = try await gather((1...5).map { number in createTask { try await worker(number, semaphore) } })
  let bounded = BoundedSemaphore(1)
  try await bounded.acquire()
  try bounded.release()
  do { try bounded.release() } catch { try out.say(error) }
  try await semaphore.acquire()
  try await semaphore.acquire()
  let waiter = createTask { try await worker(1, semaphore) }
  try await sleepMs(20)
  try waiter.cancel()
  try await sleepMs(20)
  semaphore.release()
  try await worker(0, semaphore)
}

@Firmware func conditionTwin(_ out: Output) async throws {
  let condition = Condition()
  do { try condition.notify() } catch { out.print("notify without the lock") }
  for number in 0..<4 {
    createTask {
      try await condition.withLock {
        out.print("waits", number)
        try await condition.wait()
        out.print("notified", number)
        try await sleepMs(10)
      }
      out.print("left", number)
    }
  }
  try await sleepMs(20)
  try await condition.withLock {
    try condition.notify(2)
    out.print("notified two", condition.isLocked)
  }
  try await sleepMs(50)
  try await condition.withLock { try condition.notifyAll() }
  try await sleepMs(50)
  out.print(condition.isLocked)
  var count = 0
  createTask {
    for _ in 0..<3 {
      try await sleepMs(10)
      try await condition.withLock {
        count += 1
        try condition.notify()
      }
    }
  }
  try await condition.withLock {
    try await condition.wait { count == 2 }
    out.print("count", count)
  }
}

@Firmware func barrierTwin(_ out: Output) async throws {
  @Firmware func task<Result>(_ number: Int, _ barrier: Barrier<Result>) async throws {
    for turn in 0..<2 {
      try await sleepMs(10 * number)
      out.print("comes", turn, number, barrier.isBusy)
      try await barrier.wait()
      out.print("goes", turn, number)
    }
  }
  let barrier = Barrier(3) {
    out.print("callback")
    return "met"
  }
  _ = try await gather((0..<3).map { number in createTask { try await task(number, barrier) } })
  guard case .returned(let met)? = barrier.result else { return out.print("no result") }
  out.print(met, barrier.isBusy)

  let pair = Barrier(2) {
    try await sleepMs(10)
    out.print("coroutine")
    return "coroutine"
  }
  out.print(try pair.trigger())
  try await pair.wait()
  out.print("past the pair")
  guard case .task(let coroutine)? = pair.result else { return out.print("no task") }
  out.print(try await coroutine.value)

  let plain = Barrier(2)
  createTask { try await task(0, plain) }
  try await sleepMs(0)
  let isLast = try plain.trigger()
  out.print(isLast, plain.result.map { _ in "a result" } as Any)
  try await sleepMs(20)
}

@Firmware func delayTwin(_ out: Output) async throws {
  let delay = RetriggerableDelay(milliseconds: 100) {
    try out.say("time out")
    return "from the function"
  }
  @Firmware func returned() -> String? {
    if case .returned(let text)? = delay.result { text } else { nil }
  }
  try out.say(delay.isRunning, returned() as Any)
  for number in 0..<2 {
    createTask {
      try await delay.wait()
      try out.say("woken", number)
    }
  }
  try delay.trigger()
  for _ in 0..<3 {
    try await sleepMs(60)
    try out.say("put off", delay.isRunning)
    try delay.trigger()
  }
  try await sleepMs(200)
  try out.say(delay.isRunning, returned() as Any)
  delay.clear()
  try delay.trigger(milliseconds: 400)
  try await sleepMs(20)
  try out.say("sooner", returned() as Any)
  try delay.trigger(milliseconds: 40)
  try await delay.wait()
  try out.say("over", delay.isRunning)
  try delay.stop()
  try delay.trigger()
  try await sleepMs(20)
  try delay.stop()
  try out.say("stopped", delay.isRunning)
  try await sleepMs(200)
  delay.setCallback {
    try out.say("coroutine")
    try await sleepMs(40)
    return "from the coroutine"
  }
  try delay.trigger(milliseconds: 60)
  try await sleepMs(80)
  guard case .task(let coroutine)? = delay.result else { return out.print("no task") }
  try out.say(try await coroutine.value)
  try delay.end()
  do { try delay.trigger() } catch { try out.say("no more") }
}
