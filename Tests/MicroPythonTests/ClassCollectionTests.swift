import Testing

@testable import MicroPython

/// Classes that nothing refers to any more make room, and what remains still works.
@Suite struct ClassCollectionTests {
  @Test func classesMadeInALoopAreCollected() {
    let machine = TestMachine()
    let count = TestMachine.collectsAlways ? 500 : 5000
    #expect(
      machine.run(
        """
        from collections import namedtuple
        class Base:
            def __init__(self, value): self.value = value
            def get(self): return self.value
        def make(i):
            class Derived(Base):
                def get(self): return super().get() + i
            return Derived
        kept = [make(i) for i in range(5)]
        def read(o): return o.value, o.get()
        total = 0
        for i in range(\(count)):
            o = make(i)(1)
            total += read(o)[1]
            Point = namedtuple("Point", ("x", "y"))
            total += Point(i, 2).x - Point(y=0, x=i)[0]
        print(total, [read(make(7)(k)) for k in range(2)], [c(10).get() for c in kept])
        """) == "\(count * (count + 1) / 2) [(0, 7), (1, 8)] [10, 11, 12, 13, 14]\n")
    #expect(machine.interpreter.heap.objectCount < 20_000)
  }

  @Test func attributesNamedByDataAreFoundInAnyOrder() {
    let machine = TestMachine(heapSize: 400_000)
    #expect(
      machine.run(
        """
        class Record:
            pass
        records = []
        for i in range(120):
            record = Record()
            for k in range(12):
                setattr(record, "f%d" % ((i * 7 + k * (i % 11 + 1)) % 60), (i, k))
            record.last = i
            records.append(record)
            if len(records) > 20:
                records.pop(0)
        wrong = 0
        for record in records:
            i = record.last
            expected = {}
            for k in range(12):
                expected["f%d" % ((i * 7 + k * (i % 11 + 1)) % 60)] = (i, k)
            names = sorted(expected)
            del record.last
            delattr(record, names[0])
            record.extra = 1
            record.extra += 1
            found = dict(record.__dict__)
            if found.pop("extra") != 2: wrong += 1
            if sorted(found) != names[1:] or hasattr(record, names[0]): wrong += 1
            if any(getattr(record, name) != expected[name] for name in names[1:]): wrong += 1
        print(len(records), wrong)
        """) == "20 0\n")
  }
}
