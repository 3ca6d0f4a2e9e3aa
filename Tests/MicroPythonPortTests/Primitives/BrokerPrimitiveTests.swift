import Testing

/// The message broker. Expected outputs were checked against MicroPython and the well-known packages.
@Suite struct BrokerPrimitiveTests {
  @Test func everyKindOfAgentIsTold() throws {
    let run = try FirmwareRun(
      """
      import asyncio
      from primitives import Agent, Broker, Queue, RingbufQueue
      class Own(Agent):
          def put(self, topic, message, *args):
              print("agent", topic, message, args)
      class Methods:
          def method(self, topic, message, *args):
              print("method", topic, message, args)
          async def coroutine(self, topic, message, *args):
              print("bound coroutine", topic, message, args)
      def function(topic, message, *args):
          print("function", topic, message, args)
      async def coroutine(topic, message, *args):
          await asyncio.sleep_ms(1)
          print("coroutine", topic, message, args)
      async def main():
          broker = Broker()
          event, queue, ring = asyncio.Event(), Queue(2), RingbufQueue(3)
          agents = (function, Methods().method, coroutine, Methods().coroutine, Own(), event, queue, ring)
          for agent in agents:
              broker.subscribe("topic", agent)
              broker.publish("topic", 1)
              broker.publish("topic")
              broker.unsubscribe("topic", agent)
              broker.subscribe("topic", agent, "x", 2)
              broker.publish("topic", 3)
              broker.unsubscribe("topic", agent, "x", 2)
              broker.publish("topic", 4)
              await asyncio.sleep_ms(5)
          print(event.is_set())
          while not queue.empty():
              print(await queue.get())
          while not ring.empty():
              print(await ring.get())
      asyncio.run(main())
      """)
    #expect(
      run.output == """
        function topic 1 ()
        function topic None ()
        function topic 3 ('x', 2)
        method topic 1 ()
        method topic None ()
        method topic 3 ('x', 2)
        coroutine topic 1 ()
        coroutine topic None ()
        coroutine topic 3 ('x', 2)
        bound coroutine topic 1 ()
        bound coroutine topic None ()
        bound coroutine topic 3 ('x', 2)
        agent topic 1 ()
        agent topic None ()
        agent topic 3 ('x', 2)
        Message lost topic topic message 3
        Message lost topic topic message 3
        True
        ('topic', 1)
        ('topic', None)
        ('topic', None)
        ('topic', 3, ('x', 2))

        """)
    #expect(run.end == .finished)
  }

  @Test func wildcardsAndTopicsOfAnyKind() throws {
    let run = try FirmwareRun(
      """
      from primitives import Broker, RegExp, broker
      def a(topic, message):
          print("a", topic, message)
      def b(topic, message):
          print("b", topic, message)
      broker.subscribe(RegExp(".*_topic"), a)
      broker.subscribe("foo_topic", a)
      for topic in ("foo_topic", "bar_topic", "other", 5, (1, 2)):
          broker.publish(topic, "message")
      broker.subscribe(5, b)
      broker.subscribe((1, 2), b)
      broker.publish(5)
      broker.publish((1, 2), "tuple")
      print(isinstance(broker, Broker))
      for agent in ("text", 3, [1]):
          try:
              broker.subscribe("t", agent)
          except ValueError as error:
              print(error)
      try:
          broker.subscribe("t", b, [])
      except TypeError:
          print("arguments must be hashable")
      """)
    #expect(
      run.output == """
        a foo_topic message
        a bar_topic message
        b 5 None
        b (1, 2) tuple
        True
        ('Invalid agent:', 'text')
        ('Invalid agent:', 3)
        ('Invalid agent:', [1])
        arguments must be hashable

        """)
    #expect(run.end == .finished)
  }

  @Test func tellsWhatWentWrong() throws {
    let run = try FirmwareRun(
      """
      from primitives import Broker, Queue
      broker = Broker()
      queue = Queue(1)
      for verbose in (True, False):
          Broker.Verbose = verbose
          broker.subscribe("topic", queue)
          broker.publish("topic", 1)
          broker.publish("topic", 2)
          broker.unsubscribe("nowhere", queue)
          broker.unsubscribe("topic", "rubbish")
          broker.unsubscribe("topic", queue)
          print(queue.get_nowait(), queue.qsize())
      """)
    #expect(
      run.output == """
        Message lost topic topic message 2
        Unsubscribe topic nowhere fail: topic not subscribed.
        Unsubscribe agent ('rubbish', ()) from topic topic fail: agent not subscribed.
        ('topic', 1) 0
        ('topic', 1) 0

        """)
    #expect(run.end == .finished)
  }
}
