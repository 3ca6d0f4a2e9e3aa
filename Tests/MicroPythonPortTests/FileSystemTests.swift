import Testing

/// `vfs`, and what `os` and `open` show of what is mounted.
@Suite struct FileSystemTests {
  /// A device in memory with 60 sectors.
  private static let device = """
    import os, vfs
    class Memory:
        def __init__(self, sectors=60):
            self.data = bytearray(sectors * 512)
            self.writes = 0
        def readblocks(self, sector, buffer):
            buffer[:] = self.data[sector * 512:sector * 512 + len(buffer)]
        def writeblocks(self, sector, buffer):
            self.writes += 1
            self.data[sector * 512:sector * 512 + len(buffer)] = buffer
        def ioctl(self, request, argument):
            return {4: len(self.data) // 512, 5: 512}.get(request)
    def attempt(function, *arguments):
        try:
            return function(*arguments)
        except OSError as error:
            return error.errno
    memory = Memory()
    vfs.VfsFat.mkfs(memory)
    vfs.mount(memory, "/ram")

    """

  private func output(_ code: String) throws -> String { try FirmwareRun(Self.device + code).output }

  @Test func whatIsWrittenIsThereWhenTheDeviceIsMountedAgain() throws {
    #expect(
      try output(
        """
        os.chdir("/ram")
        os.mkdir("Long Folder Name")
        with open("Long Folder Name/data.bin", "wb") as f:
            for i in range(300):
                f.write(bytes([i & 255]) * 9)
        os.rename("Long Folder Name/data.bin", "Long Folder Name/Renamed File.bin")
        vfs.umount("/ram")
        print(os.getcwd(), os.listdir("/"))
        vfs.mount(memory, "/again", readonly=True)
        print(os.listdir("/again"), list(os.ilistdir("/again/long folder name")))
        with open("/again/LONG FOLDER NAME/renamed file.BIN", "rb") as f:
            print(f.seek(9 * 256), f.read(10), f.tell(), len(f.read()))
        print(attempt(open, "/again/new", "w"), attempt(os.remove, "/again/Long Folder Name"))
        """)
          == """
          / ['flash']
          ['Long Folder Name'] [('Renamed File.bin', 32768, 0, 2700)]
          2304 b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01' 2314 386
          30 21

          """)
  }

  @Test func aDirectoryGrowsAndAFullDeviceSaysSo() throws {
    #expect(
      try output(
        """
        os.mkdir("/ram/d")
        for i in range(40):
            open("/ram/d/a file with number %d" % i, "w").close()
        print(len(os.listdir("/ram/d")), os.statvfs("/ram"))
        print(attempt(os.rmdir, "/ram/d"))
        for name in os.listdir("/ram/d"):
            os.remove("/ram/d/" + name)
        os.rmdir("/ram/d")
        f = open("/ram/large", "w")
        print(attempt(f.write, "x" * 20000))
        f.close()
        print(os.stat("/ram/large")[6], os.statvfs("/ram")[3])
        os.remove("/ram/large")
        print(os.statvfs("/ram")[3], os.listdir("/ram"))
        """)
          == """
          40 (512, 512, 26, 18, 18, 0, 0, 0, 0, 255)
          13
          28
          13312 0
          26 []

          """)
  }

  @Test func theErrorsAreThoseOfTheBoard() throws {
    #expect(
      try output(
        """
        print(attempt(os.stat, "/ram/none"), attempt(os.mkdir, "/ram"), attempt(os.chdir, "/none"))
        print(attempt(open, "/ram/a:b", "w"), attempt(os.rename, "/ram/a", "/flash/a"), attempt(os.remove, "/"))
        open("/ram/f", "w").close()
        print(attempt(open, "/ram/f", "x"), attempt(os.rmdir, "/ram/f"), attempt(os.listdir, "/ram/f"))
        f = open("/ram/f")
        print(attempt(f.write, "x"))
        f.close()
        print(attempt(f.read), attempt(vfs.mount, memory, "/ram"), attempt(vfs.umount, "/none"))
        print(attempt(vfs.mount, Memory(), "/empty"))
        """)
          == """
          2 17 19
          22 1 1
          17 20 2
          13
          22 1 22
          19

          """)
  }

  @Test func filesThatNobodyClosedAreWrittenAllTheSame() throws {
    #expect(
      try output(
        """
        import gc
        def write():
            open("/ram/left", "w").write("kept")
        write()
        [[] for i in range(100)]
        gc.collect()
        print(open("/ram/left").read())
        """) == "kept\n")
  }

  @Test func firmwareMountsFileSystemsOfItsOwn() throws {
    let run = try FirmwareRun(
      """
      import os, vfs, sys, io
      class Files:
          files = {"/mod.py": b"value = __name__\\n", "/pack/__init__.py": b"", "/pack/sub.py": b"from . import mod2",
                   "/pack/mod2.py": b"1 // 0"}
          def mount(self, readonly, mkfs): print("mount", readonly, mkfs)
          def umount(self): print("umount")
          def stat(self, path):
              if path in self.files: return (0x8000,) + (0,) * 9
              if any(name.startswith(path + "/") for name in self.files): return (0x4000,) + (0,) * 9
              raise OSError(2)
          def open(self, path, mode): return io.BytesIO(self.files[path])
          def ilistdir(self, path): return iter([("x", 0x8000, 0)])
          def chdir(self, path): print("chdir", path)
          def getcwd(self): return "/here"
      vfs.mount(Files(), "/mine", readonly=True)
      sys.path.append("/mine")
      import mod
      print(mod.value, os.listdir("/mine"), os.stat("/mine/pack")[0])
      try:
          import pack.sub
      except ZeroDivisionError as error:
          sys.print_exception(error)
      os.chdir("/mine/x")
      print(os.getcwd())
      execfile("/mine/mod.py")
      print(value)
      vfs.umount("/mine")
      print(os.getcwd(), [path for _, path in vfs.mount()])
      """)
    #expect(
      run.output == """
        mount True False
        mod ['x'] 16384
        Traceback (most recent call last):
          File "main.py", line 20, in <module>
          File "/mine/pack/sub.py", line 1, in <module>
          File "/mine/pack/mod2.py", line 1, in <module>
        ZeroDivisionError: divide by zero
        chdir /x
        /mine/here
        __main__
        umount
        / ['/flash']

        """)
  }

  @Test func picosHaveTheirFilesAtTheRoot() throws {
    let run = try FirmwareRun(
      """
      import os, sys
      print(os.getcwd(), os.listdir("/"), sys.path)
      """, board: "pico")
    #expect(run.output == "/ ['main.py'] ['', '.frozen', '/lib']\n")
  }
}
