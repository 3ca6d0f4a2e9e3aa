import Foundation
import Machine
import MicroPythonPort
import Testing
import Timebase

/// SD cards and the flash as block devices.
@Suite struct StorageTests {
  @Test("a board without a card says so")
  func noCard() throws {
    let run = try FirmwareRun(
      """
      import machine, os, pyb, sys
      sd = pyb.SDCard()
      print(sd is pyb.SD, machine.SDCard is pyb.SDCard, sd.present(), sd.power(True), sd.info())
      print(sd.ioctl(1, 0), sd.readblocks(0, bytearray(512)), sd.ioctl(5, 0), '/sd' in sys.path)
      try:
          os.mount(sd, '/sd')
      except OSError as error:
          print(error)
      try:
          sd.read(0)
      except Exception as error:
          print(repr(error))
      """)
    #expect(
      run.output == """
        True True False False None
        -1 -5 512 False
        16
        Exception('sdcard_read_blocks failed [-5]',)

        """)
  }

  @Test("a new card is made with an empty file system, mounted at /sd, and keeps what is written")
  func newCard() throws {
    let card = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: card) }
    let first = try FirmwareRun(
      """
      import os, pyb, sys
      sd = pyb.SDCard()
      print(sd.present(), sd.info(), sd.ioctl(4, 0), os.getcwd(), os.listdir('/'), sys.path[2:4])
      with open('log.txt', 'w') as f:
          f.write('kept')
      os.mkdir('/sd/lib')
      with open('/sd/lib/oncard.py', 'w') as f:
          f.write('answer = 42')
      import oncard
      block = bytearray(512)
      print(oncard.answer, sd.readblocks(0, block), block[510:])
      """, card: Card(path: card.path()))
    #expect(
      first.output == """
        True (67108864, 512, 1) 131072 /sd ['flash', 'sd'] ['/sd', '/sd/lib']
        42 0 bytearray(b'U\\xaa')

        """)
    let second = try FirmwareRun(
      "import os\nprint(open('/sd/log.txt').read(), os.statvfs('/sd')[:2])\nos.umount('/sd')\nprint(os.listdir('/'))\n",
      card: Card(path: card.path()))
    #expect(second.output == "kept (4096, 4096)\n['flash']\n")
  }

  @Test("a folder stands for a card's files, also where firmware mounts the card itself")
  func folderAsCard() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("21".utf8).write(to: folder.appending(path: "data.txt"))
    let run = try FirmwareRun(
      """
      import os, pyb
      print(open('/sd/data.txt').read(), pyb.SDCard().readblocks(0, bytearray(512)))
      os.umount('/sd')
      os.mount(pyb.SDCard(), '/card')
      print(open('/card/data.txt').read())
      with open('/card/more.txt', 'w') as f:
          f.write('x')
      """, card: Card(path: folder.path()))
    #expect(run.output == "21 -5\n21\n")
    #expect(FileManager.default.fileExists(atPath: folder.appending(path: "more.txt").path()))
  }

  @Test("SKIPSD on the flash leaves the card alone; a card without a file system is told")
  func skippedAndUnreadable() throws {
    let card = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: card) }
    try Data(repeating: 0, count: 512 * 1000).write(to: card)
    let source = "import os, pyb\nprint(os.getcwd(), pyb.SDCard().present())\n"
    #expect(
      try FirmwareRun(source, card: Card(path: card.path())).output
        == "MPY: can't mount SD card\n/flash True\n")
    #expect(
      try FirmwareRun(source, files: ["SKIPSD": ""], card: Card(path: card.path())).output
        == "/flash True\n")
    try Data(repeating: 0, count: 700).write(to: card)
    #expect(throws: FlashError.self) { try Card(path: card.path()) }
  }

  @Test("a card that is taken out is gone")
  func removal() throws {
    let card = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: card) }
    let run = try FirmwareRun(
      """
      import pyb, time
      sd = pyb.SDCard()
      pin = pyb.Pin('SD')
      print(sd.present(), pin.value())
      time.sleep(2)
      print(sd.present(), pin.value(), sd.readblocks(0, bytearray(512)))
      try:
          open('/sd/x', 'w').write('x' * 5000)
      except OSError as error:
          print(error)
      """, stimuli: [try Stimulus(parsing: "1s:sd.inserted=0")], card: Card(path: card.path()))
    #expect(run.output == "True 0\nFalse 1 -5\n[Errno 5] EIO\n")
  }

  @Test("Flash() shows a table of partitions before the flash, parts of it can be mounted")
  func flash() throws {
    let run = try FirmwareRun(
      """
      import os, pyb
      whole = pyb.Flash()
      block = bytearray(512)
      print(whole, whole is pyb.Flash(), whole.ioctl(4, 0), whole.ioctl(5, 0))
      print(whole.readblocks(0, block), block[450], block[454:462], block[510:])
      part = pyb.Flash(start=512, len=64 * 1024)
      print(part, part.ioctl(4, 0), part.writeblocks(1, b'a' * 512), part.readblocks(1, block), block[:2])
      print(pyb.Flash(start=0).readblocks(2, block), block[:2], whole.readblocks(258, block), block[:2])
      print(part.ioctl(1, 1), whole.ioctl(1, 1), part.writeblocks(3, b'xy', 5), part.readblocks(3, block), block[5:7])
      for wrong in ({'start': 100}, {'len': 1 << 20}, {'start': 0, 'len': 0}):
          try:
              pyb.Flash(**wrong)
          except ValueError as error:
              print(repr(error))
      print(part.readblocks(500, block))
      os.VfsFat.mkfs(part)
      os.mount(part, '/part')
      with open('/part/f', 'w') as f:
          f.write('in a part')
      print(open('/part/f').read(), os.listdir('/part'))
      """)
    #expect(
      run.output == """
        Flash() True 480 512
        0 1 bytearray(b'\\x00\\x01\\x00\\x00\\xe0\\x00\\x00\\x00') bytearray(b'U\\xaa')
        Flash(start=512, len=65536) 128 0 0 bytearray(b'aa')
        0 bytearray(b'aa') 0 bytearray(b'aa')
        0 -1 0 0 bytearray(b'xy')
        ValueError()
        ValueError()
        ValueError()
        -5
        in a part ['f']

        """)
  }

  @Test("USB reports are a signal, at the computer's intervals; its own arrive")
  func usbReports() throws {
    let run = try FirmwareRun(
      """
      import pyb, select, time
      hid = pyb.USB_HID()
      print(hid.send(b'\\x00\\x01\\x02\\x00'))
      pyb.usb_mode('VCP+HID', hid=pyb.hid_keyboard)
      poll = select.poll()
      poll.register(hid, select.POLLIN | select.POLLOUT)
      print(poll.poll(0)[0][1], hid.send((0, 0, 4, 0, 0, 0, 0, 0)), hid.send(bytes(8)), poll.poll(0))
      time.sleep_ms(10)
      print(pyb.hid(bytearray(8)), hid.recv(8, timeout=500), hid.recv(8, timeout=10))
      try:
          hid.send(range(9) and list(range(9)))
      except ValueError as error:
          print(error)
      """, stimuli: [try Stimulus(parsing: "100ms:usb.report=\\x02")])
    #expect(
      run.output == """
        0
        4 8 0 []
        8 b'\\x02' b''
        tuple/list too large for HID report; use bytearray instead

        """)
  }

  @Test(
    "a card of several gigabytes gets FAT32, whose root is a chain of clusters, and keeps what is written")
  func largeCard() throws {
    let card = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: card) }
    #expect(FileManager.default.createFile(atPath: card.path(), contents: nil))
    let file = try FileHandle(forWritingTo: card)
    try file.truncate(atOffset: 4 << 30)
    try file.close()
    let first = try FirmwareRun(
      """
      import os, pyb
      os.VfsFat.mkfs(pyb.SDCard())
      os.mount(pyb.SDCard(), '/sd')
      os.chdir('/sd')
      for i in range(300):
          open('file number %d with a name of some length.txt' % i, 'w').close()
      os.mkdir('folder')
      with open('folder/data', 'wb') as f:
          f.write(bytes(range(256)) * 300)
      os.rename('folder', 'moved')
      os.remove('file number 7 with a name of some length.txt')
      stat = os.statvfs('/sd')
      print(len(os.listdir()), os.stat('moved/data')[6], stat[0], stat[2], stat[2] - stat[3])
      os.umount('/sd')
      """, card: Card(path: card.path()))
    #expect(first.output.hasPrefix("MPY: can't mount SD card\n"))
    let line = first.output.split(separator: "\n").last.map(String.init) ?? ""
    #expect(line.hasPrefix("300 76800 32768 131"), "\(first.output) \(first.end)")
    let second = try FirmwareRun(
      """
      import os
      with open('/sd/moved/data', 'rb') as f:
          print(all(f.read(256) == bytes(range(256)) for _ in range(300)), f.read(1))
      stat = os.statvfs('/sd')
      print(len(os.listdir('/sd')), os.stat('/sd/moved/data')[6], stat[0], stat[2], stat[2] - stat[3])
      """, card: Card(path: card.path()))
    #expect(second.output == "True b''\n\(line)\n")
  }

  @Test("blocks that no flash has are errors, however far away")
  func impossibleBlocks() throws {
    let run = try FirmwareRun(
      """
      import pyb
      one, two = bytearray(512), bytearray(1024)
      part, whole = pyb.Flash(start=0), pyb.Flash()
      for block in (4000, 1 << 23, (1 << 31) - 1, 1 - (1 << 31), -1):
          for flash in (part, whole):
              print(flash.readblocks(block, two), flash.writeblocks(block, one), end=' ')
          print(part.readblocks(block, one, 3))
      print(part.readblocks(0, one, (1 << 31) - 1))
      """)
    #expect(run.output == String(repeating: "-5 -5 -5 -5 -14\n", count: 5) + "-14\n")
  }
}
