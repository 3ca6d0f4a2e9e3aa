/// `heapq`: a list as a binary heap.
enum HeapqModule: PythonModule {
  static let name = "heapq"
  static let aliases = ["uheapq"]

  static func define(_ module: PythonModuleBuilder<Interpreter>) {
    module.function("heappush", .required("heap", .heap), .required("item", .value)) { call, heap, item in
      heap.append(item, in: call.vm.heap)
      try call.vm.siftDown(heap, from: heap.count - 1, to: 0)
    }
    module.function("heappop", .required("heap", .heap)) { call, heap in
      guard heap.count > 0 else { throw PythonError(.indexError, "empty heap") }
      let smallest = heap[0]
      heap[0] = heap[heap.count - 1]
      heap.replace(heap.count - 1..<heap.count, with: [], in: call.vm.heap)
      if heap.count > 0 { try call.vm.siftUp(heap, 0) }
      return smallest
    }
    module.function("heapify", .required("x", .heap)) { call, heap in
      for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { try call.vm.siftUp(heap, index) }
    }
  }
}

extension ArgumentType<ListHandle> {
  fileprivate static var heap: Self {
    Self { (vm, value) throws(Raised) in
      guard let list = ListHandle(vm.native(of: value)) else {
        throw vm.error(.typeError, "heap must be a list")
      }
      return list
    }
  }
}

extension Interpreter {
  // Comparing may run firmware code that changes the list; every access is therefore checked against its count.

  /// Moves the item at `index` towards the root while it is smaller than its parent.
  fileprivate func siftDown(_ heap: ListHandle, from index: Int, to root: Int) throws(Raised) {
    guard index < heap.count else { return }
    var index = index
    let item = heap[index]
    while true {
      // A hard handler may take items away meanwhile.
      try passTime(costs.iteration)
      guard index > root, index < heap.count else { break }
      let parent = (index - 1) / 2
      guard try isLess(item, heap[parent]), index < heap.count else { break }
      heap[index] = heap[parent]
      index = parent
    }
    if index < heap.count { heap[index] = item }
  }

  /// Moves the item at `root` to where it belongs below it.
  fileprivate func siftUp(_ heap: ListHandle, _ root: Int) throws(Raised) {
    guard root < heap.count else { return }
    var index = root
    let item = heap[root]
    while true {
      try passTime(costs.iteration)
      var child = 2 * index + 1
      if child + 1 < heap.count, try !isLess(heap[child], heap[child + 1]) { child += 1 }
      guard child < heap.count else { break }
      heap[index] = heap[child]
      index = child
    }
    guard index < heap.count else { return }
    heap[index] = item
    try siftDown(heap, from: index, to: root)
  }
}
