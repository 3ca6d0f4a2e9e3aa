/// Requests to the `ioctl` of a block device, by MicroPython's numbers (documentation of `vfs.AbstractBlockDev`).
enum BlockRequest: Int {
  case initialize = 1
  case shutDown = 2
  case sync = 3
  case blockCount = 4
  case blockSize = 5
  case erase = 6
}
