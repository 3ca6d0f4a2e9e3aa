/// What the functions, methods and classes of `asyncio` take, as MicroPython 1.29 has it (extmod/asyncio).
enum AsyncioSignatures {
  /// How an object is made whose methods are called.
  static let objects: KeyValuePairs<String, String> = [
    "Event": "asyncio.Event()",
    "Lock": "asyncio.Lock()",
    "Server": "type('Server', (asyncio.stream.Server,), {'task': None})()",
    "StreamReader": "asyncio.StreamReader(io.BytesIO(b''))",
    "ThreadSafeFlag": "asyncio.ThreadSafeFlag()",
  ]

  /// Those written in Python on the board: a name and its parameters, `?` behind those with a default. The receiver is left out.
  static let python = """
    Event
    Event.clear
    Event.is_set
    Event.set
    Event.wait
    Lock
    Lock.__aenter__
    Lock.__aexit__ exc_type exc tb
    Lock.acquire
    Lock.locked
    Loop.call_exception_handler context
    Loop.close
    Loop.create_task coro
    Loop.default_exception_handler loop context
    Loop.get_exception_handler
    Loop.run_forever
    Loop.run_until_complete aw
    Loop.set_exception_handler handler
    Loop.stop
    Server.__aenter__
    Server.__aexit__ exc_type exc tb
    Server.close
    Server.wait_closed
    StreamReader s e?
    StreamReader.aclose
    StreamReader.awrite buf off? sz?
    StreamReader.awritestr buf off? sz?
    StreamReader.close
    StreamReader.drain
    StreamReader.get_extra_info v
    StreamReader.read n?
    StreamReader.readexactly n
    StreamReader.readinto buf
    StreamReader.readline
    StreamReader.wait_closed
    StreamReader.write buf
    StreamWriter s e?
    ThreadSafeFlag
    ThreadSafeFlag.clear
    ThreadSafeFlag.ioctl req flags
    ThreadSafeFlag.set
    ThreadSafeFlag.wait
    create_task coro
    current_task
    get_event_loop runq_len? waitq_len?
    new_event_loop
    open_connection host port ssl? server_hostname?
    run coro
    run_until_complete main_task?
    sleep t
    sleep_ms t sgen?
    start_server cb host port backlog? ssl?
    wait_for aw timeout sleep?
    wait_for_ms aw timeout
    """

  /// Those written in C on the board (extmod/modasyncio.c), which take nothing by name: a call, the least and the most arguments.
  static let native = """
    asyncio.Task 1 2
    asyncio.Task(idle()).cancel 0 0
    asyncio.Task(idle()).done 0 0
    asyncio.TaskQueue 0 0
    asyncio.TaskQueue().peek 0 0
    """
}
