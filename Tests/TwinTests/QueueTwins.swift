import Asyncio

@Firmware func queueTwin(_ out: Output) async throws {
  let queue = Queue<(Int, Int)>(maxSize: 2)
  try await queue.join()
  out.print("nothing to join")
  do { _ = try queue.getNowait() } catch QueueError.empty { out.print("empty", queue.isEmpty) }
  let consumers = ["a", "b"].map { name in
    createTask {
      while true {
        let (number, item) = try await queue.get()
        out.print(name, "got", number, item)
        try await sleepMs(10)
        queue.taskDone()
      }
    }
  }
  try await sleepMs(0)
  let producers = (0..<3).map { number in
    createTask {
      for item in 0..<3 {
        try await queue.put((number, item))
        out.print("put", number, item)
      }
    }
  }
  _ = try await gather(producers)
  out.print("all put", queue.count)
  try await queue.join()
  out.print("all done", queue.count)
  for task in consumers { try task.cancel() }
  try await sleepMs(0)
  let numbers = Queue<Int>(maxSize: 2)
  try numbers.putNowait(1)
  try numbers.putNowait(2)
  do { try numbers.putNowait(3) } catch QueueError.full { out.print("full", numbers.isFull, numbers.count) }
  let first = try numbers.getNowait()
  out.print(first, try await numbers.get())
  let late = createTask { try await numbers.get() }
  try await sleepMs(0)
  try late.cancel()
  try await sleepMs(0)
  try await numbers.put(4)
  out.print(numbers.count, try await numbers.get())
}

@Firmware func ringbufQueueTwin(_ out: Output) async throws {
  let queue = RingbufQueue<Int>(size: 4)
  do { _ = try queue.getNowait() } catch QueueError.empty { out.print("empty", queue.isEmpty) }
  for item in 0..<5 {
    do { try queue.putNowait(item) } catch QueueError.oldestDropped {
      out.print("dropped the oldest at", item)
    }
  }
  out.print(queue.count, queue.isFull, try queue.peek())
  while !queue.isEmpty { out.print(try queue.getNowait()) }
  let pairs = RingbufQueue<(Int, Int)>(size: 4)
  for number in 0..<2 {
    createTask {
      for item in 0..<4 {
        try await pairs.put((number, item))
        out.print("put", number, item)
      }
    }
  }
  var count = 0
  for try await (number, item) in pairs {
    out.print("got", number, item)
    count += 1
    if count == 8 { break }
    try await sleepMs(10)
  }
  out.print(pairs.count)
}

@Firmware func messageTwin(_ out: Output) async throws {
  let message = Message<String>()
  out.print(message.isSet, message.value as Any)
  let tasks = (0..<4).map { number in
    createTask {
      while true {
        let value = try await message.wait()
        message.clear()
        out.print(number, value)
        try await sleepMs(0)
      }
    }
  }
  try await sleepMs(10)
  for text in ["one", "two"] {
    message.set(text)
    out.print("set", message.isSet, message.value as Any)
    try await sleepMs(10)
  }
  try tasks[0].cancel()
  try await sleepMs(10)
  message.set("without the first")
  try await sleepMs(10)
  for task in tasks[1...] { try task.cancel() }
  try await sleepMs(10)
  let other = Message<String>()
  createTask {
    for try await value in other {
      other.clear()
      out.print("reader", value)
    }
  }
  for text in ["a", "b", "c"] {
    other.set(text)
    try await sleepMs(10)
  }
}

@Firmware func threadSafeEventTwin(_ out: Output) async throws {
  let event = ThreadSafeEvent()
  for turn in 0..<2 {
    let tasks = (0..<4).map { number in
      createTask {
        do {
          try await event.wait()
          out.print("waiter", number)
        } catch {
          out.print("cancelled", number)
          throw error
        }
      }
    }
    try await sleepMs(10)
    try tasks[turn].cancel()
    try await sleepMs(10)
    event.set()
    out.print("set", event.isSet)
    _ = try await gatherResults(tasks)
    out.print("all", event.isSet)
    event.clear()
  }
  let queue = ThreadSafeQueue<Int>(size: 4)
  do { _ = try queue.getSync() } catch QueueError.empty { out.print("empty", queue.isEmpty) }
  for item in 0..<3 { try queue.putSync(item) }
  out.print(queue.isFull, queue.count, try queue.getSync())
  createTask { for try await item in queue { out.print("got", item) } }
  for item in 3..<9 {
    try await queue.put(item)
    out.print("put", item)
  }
  try await sleepMs(10)
  out.print(queue.count)
}
