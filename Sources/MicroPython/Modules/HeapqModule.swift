/// `heapq`: a list as a binary heap.
extension Interpreter {
  func addHeapqModule() {
    addModule("heapq") { module in
      module.function("heappush", 2...2) { vm, args throws(Raised) in
        let heap = try vm.heapList(args[0])
        heap.append(args[1], in: vm.heap)
        try vm.siftDown(heap, from: heap.count - 1, to: 0)
        return .none
      }
      module.function("heappop", 1...1) { vm, args throws(Raised) in
        let heap = try vm.heapList(args[0])
        guard heap.count > 0 else { throw vm.error(.indexError, "empty heap") }
        let smallest = heap[0]
        heap[0] = heap[heap.count - 1]
        heap.replace(heap.count - 1..<heap.count, with: [], in: vm.heap)
        if heap.count > 0 { try vm.siftUp(heap, 0) }
        return smallest
      }
      module.function("heapify", 1...1) { vm, args throws(Raised) in
        let heap = try vm.heapList(args[0])
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { try vm.siftUp(heap, index) }
        return .none
      }
    }
  }

  private func heapList(_ value: Value) throws(Raised) -> ListHandle {
    guard let list = ListHandle(native(of: value)) else { throw error(.typeError, "heap must be a list") }
    return list
  }

  // Comparing may run firmware code that changes the list; every access is therefore checked against its count.

  /// Moves the item at `index` towards the root while it is smaller than its parent.
  private func siftDown(_ heap: ListHandle, from index: Int, to root: Int) throws(Raised) {
    guard index < heap.count else { return }
    var index = index
    let item = heap[index]
    while index > root, index < heap.count {
      let parent = (index - 1) / 2
      guard try isLess(item, heap[parent]), index < heap.count else { break }
      heap[index] = heap[parent]
      index = parent
    }
    if index < heap.count { heap[index] = item }
  }

  /// Moves the item at `root` to where it belongs below it.
  private func siftUp(_ heap: ListHandle, _ root: Int) throws(Raised) {
    guard root < heap.count else { return }
    var index = root
    let item = heap[root]
    while true {
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
