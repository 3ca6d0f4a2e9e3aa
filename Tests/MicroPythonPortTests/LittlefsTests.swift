import Foundation
import MicroPythonPort
import Testing

/// littlefs 2 on block devices of the firmware, and on the board's flash.
@Suite("littlefs") struct LittlefsTests {
  /// A block device in memory, erased to ones, whose writes can only clear bits: as flash does.
  private static let device = """
    import os, vfs
    class Memory:
        def __init__(self, count, size=512):
            self.size = size
            self.data = bytearray(b'\\xff' * (count * size))
            self.erased = 0
        def readblocks(self, block, buffer, offset=0):
            start = block * self.size + offset
            buffer[:] = memoryview(self.data)[start:start + len(buffer)]
        def writeblocks(self, block, buffer, offset=0):
            start = block * self.size + offset
            for i in range(len(buffer)):
                if buffer[i] & ~self.data[start + i]:
                    raise ValueError('written without being erased')
                self.data[start + i] = buffer[i]
        def ioctl(self, request, argument):
            if request == 4: return len(self.data) // self.size
            if request == 5: return self.size
            if request == 6:
                self.erased += 1
                start = argument * self.size
                self.data[start:start + self.size] = b'\\xff' * self.size
                return 0

    """

  @Test("files and directories are made, listed, changed and removed, and are there when it is mounted again")
  func filesAndDirectories() throws {
    let run = try FirmwareRun(
      Self.device + """
        memory = Memory(40)
        os.VfsLfs2.mkfs(memory)
        vfs.mount(memory, '/m')
        print(vfs.mount()[1:], os.statvfs('/m'))
        with open('/m/a.txt', 'w') as f:
            print(f, f.write('hello'))
        with open('/m/a.txt', 'a') as f:
            f.write(' world')
        with open('/m/a.txt', 'r+b') as f:
            f.seek(6)
            f.write(b'W')
            f.seek(-2, 2)
            print(f.tell(), f.read())
        os.mkdir('/m/d')
        os.rename('/m/a.txt', '/m/d/b.txt')
        print(os.listdir('/m'), os.stat('/m/d/b.txt')[6], list(os.ilistdir('/m/d')))
        for path in ('/m/d', '/m/none', '/m/d/b.txt/x'):
            try:
                os.remove(path)
            except OSError as error:
                print(error.errno)
        vfs.umount('/m')
        vfs.mount(os.VfsLfs2(memory), '/m', readonly=True)
        print(open('/m/d/b.txt').read())
        try:
            open('/m/new', 'w')
        except OSError as error:
            print(error.errno)
        """)
    #expect(
      run.output == """
        [(<VfsLfs2>, '/m')] (512, 512, 40, 38, 38, 0, 0, 0, 0, 255)
        <io.TextIOWrapper> 5
        9 b'ld'
        ['d'] 11 [('b.txt', 32768, 0, 11)]
        39
        2
        20
        hello World
        30

        """)
  }

  @Test("a file that is larger than a block is written, changed in its middle, and cut")
  func largeFiles() throws {
    let run = try FirmwareRun(
      Self.device + """
        memory = Memory(60, 256)
        os.VfsLfs2.mkfs(memory)
        vfs.mount(memory, '/m')
        expected = bytearray()
        with open('/m/big', 'wb') as f:
            for i in range(300):
                line = b'line %d\\n' % i
                f.write(line)
                expected += line
        def check():
            with open('/m/big', 'rb') as f:
                whole = f.read()
            with open('/m/big', 'rb') as f:
                parts = b''
                for _ in range(len(whole) // 70 + 1):
                    parts += f.read(70)
            print(whole == expected, parts == expected, len(whole))
        check()
        for place in (0, 255, 256, 1000, len(expected) - 3):
            with open('/m/big', 'r+b') as f:
                f.seek(place)
                f.write(b'#' * 9)
            expected[place:place + 9] = b'#' * 9
            check()
        with open('/m/big', 'ab') as f:
            f.write(b'more')
        expected += b'more'
        check()
        with open('/m/big', 'r+b') as f:
            f.seek(len(expected) + 500)
            f.write(b'end')
        expected += bytes(500) + b'end'
        check()
        before = os.statvfs('/m')[3]
        with open('/m/big', 'w'): pass
        print(os.stat('/m/big')[6], os.statvfs('/m')[3] - before)
        """)
    let lengths = [2590, 2590, 2590, 2590, 2590, 2596, 2600, 3103]
    #expect(run.output == lengths.map { "True True \($0)\n" }.joined() + "0 13\n")
  }

  @Test("a directory grows beyond its blocks and shrinks again; no block is lost")
  func largeDirectories() throws {
    let run = try FirmwareRun(
      Self.device + """
        memory = Memory(64, 256)
        os.VfsLfs2.mkfs(memory)
        fs = os.VfsLfs2(memory)
        free = fs.statvfs('')[3]
        names = ['file number %d' % (i * 37 % 40) for i in range(40)]
        for name in names:
            with fs.open(name, 'w') as f: f.write(name)
        fs = os.VfsLfs2(memory)
        print(sorted(e[0] for e in fs.ilistdir()) == sorted(names), all(fs.open(n, 'r').read() == n for n in names))
        for name in names[::2]:
            fs.rename(name, name + ' moved')
        print(sorted(e[0] for e in fs.ilistdir()) == sorted(n if i % 2 else n + ' moved' for i, n in enumerate(names)))
        for entry in list(fs.ilistdir()):
            fs.remove(entry[0])
        used = fs.statvfs('')[3]
        print(list(fs.ilistdir()), free - used <= 2)
        for i in range(150):
            with fs.open('log', 'a') as f: f.write('%d,' % i)
        print(fs.open('log', 'r').read() == ''.join('%d,' % i for i in range(150)))
        """)
    #expect(run.output == "True True\nTrue\n[] True\nTrue\n")
  }

  @Test("a full file system says so; what was written before stays")
  func full() throws {
    let run = try FirmwareRun(
      Self.device + """
        memory = Memory(16)
        os.VfsLfs2.mkfs(memory)
        fs = os.VfsLfs2(memory)
        with fs.open('kept', 'w') as f: f.write('kept' * 100)
        f = fs.open('big', 'w')
        count = 0
        try:
            while count < 100:
                f.write(b'x' * 256)
                count += 1
        except OSError as error:
            print(error.errno, 20 < count < 28)
        f.close()
        print(fs.stat('big')[6], fs.open('kept', 'r').read() == 'kept' * 100)
        with fs.open('big', 'w') as f: f.write('y' * 3000)
        print(fs.stat('big')[6])
        try:
            os.VfsLfs2.mkfs(Memory(1))
        except OSError as error:
            print(error.errno)
        try:
            os.VfsLfs2(Memory(4))
        except OSError as error:
            print(error.errno)
        """)
    #expect(
      run.output == """
        28 True
        0 True
        3000
        28
        84

        """)
  }

  @Test("files that littlefs itself has written can be read and changed")
  func foreignImage() throws {
    let run = try FirmwareRun(
      Self.device + """
        import binascii, deflate, io
        packed = binascii.a2b_base64('''
        \(Self.image)
        '''.replace('\\n', ''))
        memory = Memory(32, 256)
        memory.data[:] = deflate.DeflateIO(io.BytesIO(packed), deflate.ZLIB).read()
        vfs.mount(memory, '/m')
        print(list(os.ilistdir('/m')), os.statvfs('/m')[2:4])
        print(os.listdir('/m/dir'), open('/m/dir/b.txt').read(), open('/m/moved').read(), open('/m/a.txt').read())
        lines = open('/m/big').read().split('\\n')
        print(len(lines), lines[0], lines[99], os.stat('/m/big')[8])
        os.rename('/m/dir/n1', '/m/dir/last')
        for i in (2, 3, 4, 7, 8, 9, 10, 11): os.remove('/m/dir/n%d' % i)
        with open('/m/big', 'a') as f: f.write('more')
        vfs.umount('/m')
        vfs.mount(memory, '/m')
        print(os.listdir('/m/dir'), open('/m/big').read()[-13:])
        """)
    #expect(
      run.output
        == """
        [('a.txt', 32768, 0, 19), ('big', 32768, 0, 900), ('dir', 16384, 0, 0), ('moved', 32768, 0, 1)] (32, 20)
        ['b.txt', 'n0', 'n10', 'n11', 'n1', 'n2', 'n3', 'n4', 'n7', 'n8', 'n9'] inside 6 written by littlefs
        101 line 000 line 099 0
        ['b.txt', 'last', 'n0'] line 099\\nmore

        """.replacingOccurrences(of: "\\n", with: "\n"))
  }

  @Test("a power cut at any write leaves the old or the new contents")
  func powerCuts() throws {
    let run = try FirmwareRun(
      Self.device + """
        class Cut(Exception): pass
        class Unsafe(Memory):
            left = 1 << 20
            def writeblocks(self, block, buffer, offset=0):
                self.left -= 1
                if self.left < 0: raise Cut
                super().writeblocks(block, buffer, offset)
        def change(fs):
            with fs.open('a', 'w') as f: f.write('new' * 200)
            fs.mkdir('d')
            fs.rename('b', 'd/c')
            fs.remove('x')
        memory = Unsafe(40, 256)
        os.VfsLfs2.mkfs(memory)
        fs = os.VfsLfs2(memory)
        for name in 'abx':
            with fs.open(name, 'w') as f: f.write('old')
        image = bytes(memory.data)
        good = cuts = 0
        for left in range(100):
            memory.data[:] = image
            memory.left = left
            try:
                change(os.VfsLfs2(memory))
                break
            except Cut:
                cuts += 1
            memory.left = 1 << 20
            fs = os.VfsLfs2(memory)
            names = [e[0] for e in fs.ilistdir()]
            moved = 'd' in names and [e[0] for e in fs.ilistdir('d')] == ['c']
            good += fs.open('a', 'r').read() in ('old', '', 'new' * 200) and ('b' in names or moved)
        print(cuts > 8, good == cuts)
        """)
    #expect(run.output == "True True\n")
  }

  @Test("the board's flash can be a littlefs, which is there after a restart")
  func flash() throws {
    let image = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: image) }
    let first = try FirmwareRun(
      """
      import os, pyb
      os.umount('/flash')
      flash = pyb.Flash(start=0)
      os.VfsLfs2.mkfs(flash)
      os.mount(flash, '/flash')
      with open('/flash/data.txt', 'w') as f:
          f.write('kept')
      print(os.statvfs('/flash')[:4])
      """, flash: .image(try FlashImage(path: image.path())))
    #expect(first.output == "(512, 512, 224, 222)\n")
    let second = try FirmwareRun(
      """
      import os
      print(os.getcwd(), os.listdir(), open('data.txt').read(), os.statvfs('/flash')[:4])
      with open('more.txt', 'w') as f:
          f.write('x')
      """, flash: .image(try FlashImage(path: image.path())))
    #expect(second.output == "/flash ['data.txt'] kept (512, 512, 224, 222)\n")
  }

  /// 32 blocks of 256 bytes, written by MicroPython's unix port and compressed: a file in the directory, one with blocks of its own, and a
  /// directory of two parts.
  private static let image = """
    eNrt2E1r1EAYB/DZJtVtuiWh1vqCupEeRJA2k8lMMiB2D969qFexdJXFbSzt4svFXvwGXsWDR2m/g+LRi+AX6EHFQ2UjLriI
    GmeS/Zct2OJBWg/zhw1Pks7vyWTpLIxFCMnc/Fu71em0m7dW5zaJVyEjhFQI8dW9XH/yfO2Xpc/t0zdnOw866sb0/RU1opn6
    Cw99jPWDqrfYWvF9Mj6phh1RH9+zxxdat9UAq1HvVXF5Piv13tUnxM3I5MevLy7nBxJ7f+YfkPFj6vSxUhpzPbLLezj5fqb/
    eufzefWtyQYho0t37zUX1Z/a4kZ3a4LY2ZXjatwJUoy3h4xDz67lF3MTExMTExMTExMTExMTExOT7RzW+xvd/PvCYF/DaqWr
    rcWmT2w7DfS5OtSslOpSHWwrDXWpDqeslOmSNdytMWxGzG/u2NA47zz9sL5nf6/eO9tQSkqLbmvdXnV4/LsL5y7tOX653puh
    gRrmDA0b+bL+5gz8zCn9YgrL9Wxi9vnLpe3x1b+Y/9Qf51/D/H3ijZSPX9FHu1L2qlDacDNnlzfjPrLWR/+D77/dSpt+EATO
    oKAoQhQMRYSCoxAoYhQJCjkoKGQKmUKmkClkCplCppApZAo5hBxCDiGHkEPIIeQQcljKU3oHLQihh9AZdAadQWfQGXQGnUFn
    eG4GmUGOIEeQI8gR5AhyBDmCHEGOIEeQOWQOmUPmkDlkXspH1fzLd8DRgaMDRweODgIdBDoIdBDoINBB4NkFZAFZQBaQY8gx
    5BhyDDmGHEOOIceQY8gx5ARyAjmBnDBnWs19cAI9gZ5AT6An0BPoErqELqFLPLeELCFLyBKyhCyls5///5Vy/fuZRnoti4oV
    juuSFyuc0KUorsa6jIt1P9FlUlyVupRr3U9jw+vvnY3PP0q/nvcdz+0PL+r2TDbdR391vxa4/doeO9pT199uvDK/1CYmJiYm
    Jv8uvwEJtOXc
    """
}
