import Testing

/// The processor's view: `stm`, `machine.mem32`, viper pointers and inline assembler on registers of peripherals (RM0090).
@Suite("Registers") struct RegisterTests {
  @Test("stm has the reference manual's addresses and offsets")
  func constants() throws {
    let run = try FirmwareRun(
      """
      import stm, machine
      print(hex(stm.GPIOA), hex(stm.TIM14), hex(stm.GPIO_BSRR), stm.GPIO_BSRRL, stm.GPIO_BSRRH, stm.TIM_CNT, stm.RTC_BKP19R)
      print(stm.mem32 is machine.mem32, stm.mem8)
      """)
    #expect(run.output == "0x40020000 0x40002000 0x18 24 26 36 156\nFalse <8-bit memory>\n")
  }

  @Test("pins are set, reset, read and set up through their port's registers")
  func pins() throws {
    let run = try FirmwareRun(
      """
      import stm
      from machine import Pin, mem16, mem32
      p = Pin('X1', Pin.OUT_PP)
      q = Pin('X2', Pin.IN)
      mem16[stm.GPIOA + stm.GPIO_BSRRL] = 1
      print(p(), q(), mem32[stm.GPIOA + stm.GPIO_IDR] & 3)
      mem16[stm.GPIOA + stm.GPIO_BSRRH] = 1
      print(p(), q(), mem32[stm.GPIOA + stm.GPIO_ODR] & 3)
      mem32[stm.GPIOA + stm.GPIO_ODR] |= 1
      print(p(), mem32[stm.GPIOA + stm.GPIO_MODER] & 15)
      mem32[stm.GPIOA + stm.GPIO_MODER] = mem32[stm.GPIOA + stm.GPIO_MODER] & ~15 | 4
      mem32[stm.GPIOA + stm.GPIO_PUPDR] |= 1
      print(p, q)
      """, wires: ["X1-X2"])
    #expect(
      run.output
        == "1 1 3\n0 0 0\n1 1\nPin(Pin.cpu.A0, mode=Pin.IN, pull=Pin.PULL_UP) Pin(Pin.cpu.A1, mode=Pin.OUT)\n"
    )
  }

  @Test("counters, identity, backup registers and clocks")
  func others() throws {
    let run = try FirmwareRun(
      """
      import stm, machine, pyb, time
      from machine import mem8, mem16, mem32
      t = pyb.Timer(4, prescaler=83, period=0xffff)
      mem32[stm.TIM4 + stm.TIM_CNT] = 100
      time.sleep_us(50)
      print(140 < mem32[stm.TIM4 + stm.TIM_CNT] < 260, mem32[stm.TIM4 + stm.TIM_PSC])
      print(bytes(mem8[0x1fff7a10 + i] for i in range(12)) == machine.unique_id(), mem16[0x1fff7a22])
      mem32[stm.RTC + stm.RTC_BKP3R] = 0xdeadbeef
      print(hex(mem32[stm.RTC + stm.RTC_BKP3R]), hex(mem8[stm.RTC + stm.RTC_BKP3R + 3]))
      a = mem32[0xe0001004]; time.sleep_ms(1); b = mem32[0xe0001004]
      print(168000 <= b - a < 180000, mem32[0xe000e014], mem32[stm.RCC + stm.RCC_AHB1ENR] & 1)
      for f in (lambda: mem32[stm.DMA1 + stm.DMA_LISR], lambda: mem32[stm.USB_OTG_FS + 4], lambda: mem32[0x60000000],
                lambda: mem32[stm.RCC + 2]):
        try: f()
        except ValueError as e: print(e)
      """)
    #expect(
      run.output == """
        True 83
        True 1024
        0xdeadbeef 0xde
        True 167999 1
        register DMA1_LISR (0x40026000) is not emulated; see `vpyboard docs compatibility`
        register USB_OTG_FS + 0x4 (0x50000004) is not emulated; see `vpyboard docs compatibility`
        nothing is emulated at address 0x60000000; see `vpyboard docs compatibility`
        address 40023802 is not aligned to 4 bytes

        """)
  }

  @Test(
    "viper pointers and inline assembler reach the same registers, and know stm's names without an import")
  func viperAndAssembler() throws {
    let run = try FirmwareRun(
      """
      from machine import Pin
      p = Pin('X1', Pin.OUT_PP)
      @micropython.viper
      def pulse(n: int):
          port = ptr16(stm.GPIOA + stm.GPIO_BSRR)
          for i in range(n):
              port[0] = 1
              port[1] = 1
      @micropython.asm_thumb
      def set_high():
          movwt(r0, stm.GPIOA)
          mov(r1, 1)
          strh(r1, [r0, stm.GPIO_BSRRL])
      @micropython.asm_thumb
      def level():
          movwt(r0, stm.GPIOA)
          ldr(r0, [r0, stm.GPIO_IDR])
          mov(r1, 1)
          and_(r0, r1)
      edges = []
      q = Pin('X2', Pin.IN)
      q.irq(lambda _: edges.append(1), Pin.IRQ_RISING)
      pulse(3)
      print(p(), len(edges))
      set_high()
      print(p(), level(), len(edges))
      @micropython.asm_thumb
      def wait(r0):
          cpsid(i)
          label(A)
          sub(r0, r0, 1)
          bne(A)
          cpsie(i)
      wait(1000)
      """, wires: ["X1-X2"])
    #expect(run.output == "0 3\n1 1 4\n")
  }

  @Test("a timer's counter, flags and compare registers")
  func timers() throws {
    let run = try FirmwareRun(
      """
      import stm, time
      from machine import mem32
      from pyb import Timer
      t = Timer(2, prescaler=83, period=999)
      ch = t.channel(1, Timer.PWM, pulse_width=300)
      ic = t.channel(2, Timer.IC, polarity=Timer.BOTH)
      registers = (stm.TIM_CR1, stm.TIM_DIER, stm.TIM_SR, stm.TIM_CCER, stm.TIM_PSC, stm.TIM_ARR, stm.TIM_CCR1)
      print([hex(mem32[stm.TIM2 + register]) for register in registers])
      time.sleep_ms(2)
      flags = mem32[stm.TIM2 + stm.TIM_SR]
      mem32[stm.TIM2 + stm.TIM_SR] = 0
      print(flags, mem32[stm.TIM2 + stm.TIM_SR])
      mem32[stm.TIM2 + stm.TIM_CCR1] = 500
      print(ch.pulse_width())
      mem32[stm.TIM2 + stm.TIM_CR1] = 0x80
      count = t.counter()
      time.sleep_us(3300)
      print(t.counter() == count)
      mem32[stm.TIM2 + stm.TIM_CR1] = 0x81
      time.sleep_us(3300)
      print(t.counter() == count)
      mem32[stm.TIM2 + stm.TIM_EGR] = 1
      print(t.counter() < 50)
      try: mem32[stm.TIM2 + stm.TIM_CR2] = 0x20
      except ValueError as error: print(error)
      """)
    #expect(
      run.output == """
        ['0x81', '0x0', '0x0', '0xb1', '0x53', '0x3e7', '0x12c']
        3 0
        500
        True
        False
        True
        register TIM2_CR2 (0x40000004) is not emulated; see `vpyboard docs compatibility`

        """)
  }

  @Test("pulses that are set up through registers alone have the period and width of the registers")
  func pulsesByRegister() throws {
    let run = try FirmwareRun(
      """
      import stm
      from machine import mem16, mem32
      from pyb import Pin, Timer, delay
      Pin('X9', Pin.AF_PP, af=2)
      mem32[stm.RCC + stm.RCC_APB1ENR] |= 4
      mem16[stm.TIM4 + stm.TIM_PSC] = 83
      mem16[stm.TIM4 + stm.TIM_ARR] = 999
      mem16[stm.TIM4 + stm.TIM_CCR1] = 370
      mem16[stm.TIM4 + stm.TIM_CCMR1] |= 0x68
      mem16[stm.TIM4 + stm.TIM_CCER] |= 1
      mem16[stm.TIM4 + stm.TIM_EGR] = 1
      mem16[stm.TIM4 + stm.TIM_CR1] |= 0x81
      print(hex(mem16[stm.TIM4 + stm.TIM_CCMR1]), mem16[stm.TIM4 + stm.TIM_CCER], hex(mem16[stm.TIM4 + stm.TIM_CR1]))
      \(pulseMeasurement)
      print(measure())
      mem16[stm.TIM4 + stm.TIM_CCR1] = 100
      print(measure())
      mem16[stm.TIM4 + stm.TIM_CCER] |= 2
      print(measure(), mem16[stm.TIM4 + stm.TIM_CCER])
      mem16[stm.TIM4 + stm.TIM_CCMR1] = mem16[stm.TIM4 + stm.TIM_CCMR1] & ~0x70 | 0x40
      print(measure(), Pin('X2').value())
      mem16[stm.TIM4 + stm.TIM_CCMR1] = mem16[stm.TIM4 + stm.TIM_CCMR1] | 0x50
      print(Pin('X2').value())
      """, wires: ["X9-X2"])
    #expect(
      run.output == """
        0x68 1 0x81
        [370, 370, 630, 630]
        [100, 100, 900, 900]
        [100, 100, 900, 900] 3
        [] 1
        0

        """)
  }

  @Test("a UART's divider and receiver, and the watchdog")
  func serialAndWatchdog() throws {
    let run = try FirmwareRun(
      """
      import machine, stm, time
      from machine import mem16, mem32
      from pyb import UART
      if machine.reset_cause() == machine.WDT_RESET:
          print('reset')
          raise SystemExit
      uart = UART(4, 9600, timeout=20)
      print(mem32[stm.UART4 + stm.USART_BRR], hex(mem16[stm.UART4 + stm.USART_CR1]))
      mem16[stm.UART4 + stm.USART_CR1] &= ~4
      uart.write('deaf')
      mem16[stm.UART4 + stm.USART_CR1] |= 4
      print(uart.any())
      uart.write('hears')
      print(uart.read())
      mem32[stm.UART4 + stm.USART_BRR] = 42000000 // 115200
      start = time.ticks_us()
      uart.write('x' * 50)
      print(time.ticks_diff(time.ticks_us(), start) // 100, len(uart.read()))
      try: mem16[stm.UART4 + stm.USART_CR1] &= ~8
      except ValueError as error: print(error)
      mem16[stm.IWDG + stm.IWDG_PR] = 7
      mem16[stm.IWDG + stm.IWDG_KR] = 0x5555
      mem16[stm.IWDG + stm.IWDG_PR] = 1
      mem16[stm.IWDG + stm.IWDG_RLR] = 399
      mem16[stm.IWDG + stm.IWDG_KR] = 0xcccc
      for i in range(5):
          time.sleep_ms(90)
          mem16[stm.IWDG + stm.IWDG_KR] = 0xaaaa
      print(mem16[stm.IWDG + stm.IWDG_PR])
      time.sleep_ms(95)
      print('still here')
      time.sleep_ms(10)
      print('too late')
      """, wires: ["X1-X2"])
    #expect(
      run.output == """
        4375 0x202c
        0
        b'hears'
        43 50
        register UART4_CR1 (0x40004c0c) is emulated in part: bit 3 cannot be written so; see `vpyboard docs compatibility`
        1
        still here
        reset

        """)
  }

  @Test("the converters between analogue and digital work through their registers")
  func analogRegisters() throws {
    let run = try FirmwareRun(
      """
      import stm
      from machine import mem32
      from pyb import Pin
      Pin('X1', Pin.ANALOG)
      mem32[stm.DAC + stm.DAC_CR] = 1
      ADC = stm.ADC1
      def convert(channel):
          mem32[ADC + stm.ADC_SQR1] = 0
          mem32[ADC + stm.ADC_SQR3] = channel
          mem32[ADC + stm.ADC_SR] = 0
          mem32[ADC + stm.ADC_CR2] |= 1 << 30
          polls = 0
          while not mem32[ADC + stm.ADC_SR] & 2:
              polls += 1
          return mem32[ADC + stm.ADC_DR]
      mem32[ADC + stm.ADC_CR2] = 1
      for value in (0, 1000, 4095):
          mem32[stm.DAC + stm.DAC_DHR12R1] = value
          print(convert(0), mem32[stm.DAC + stm.DAC_DOR1], mem32[ADC + stm.ADC_SR] & 2)
      mem32[stm.DAC + stm.DAC_DHR8R1] = 0x80
      print(convert(0))
      print(convert(17), convert(18))
      mem32[stm.ADC1 + 0x304] = 1 << 23 | 1 << 22
      print(convert(16), convert(17), convert(18))
      mem32[ADC + stm.ADC_CR1] = 1 << 24
      print(convert(0))
      try: mem32[ADC + stm.ADC_CR2] = 1 << 8
      except ValueError as error: print(error)
      mem32[stm.DAC + stm.DAC_CR] = 0
      """, wires: ["X1-X5"])
    #expect(
      run.output == """
        0 0 0
        1000 1000 0
        4095 4095 0
        2048
        0 0
        943 1502 2048
        512
        register ADC1_CR2 (0x40012008) is emulated in part: bits 0 and 8 cannot be written so; see `vpyboard docs compatibility`

        """)
  }

  @Test("the register for breaks says whether there is a break input, and which level it has")
  func breakBits() throws {
    let run = try FirmwareRun(
      """
      import stm
      from machine import mem32
      from pyb import Timer
      for level in (Timer.BRK_OFF, Timer.BRK_LOW, Timer.BRK_HIGH):
          timer = Timer(1, freq=1000, brk=level)
          print(hex(mem32[stm.TIM1 + stm.TIM_BDTR]))
      mem32[stm.TIM1 + stm.TIM_BDTR] |= 0x8000
      print(hex(mem32[stm.TIM1 + stm.TIM_BDTR]))
      """)
    #expect(run.output == "0x0\n0x1000\n0x3000\n0xb000\n")
  }

  @Test("a write that a register does not take names the bits, from Python, viper and inline assembler")
  func partialRegisters() throws {
    let run = try FirmwareRun(
      """
      import stm, pyb
      from machine import mem32
      t = pyb.Timer(4, freq=10)
      def f(): mem32[stm.TIM4 + stm.TIM_CR1] |= 0x108
      @micropython.viper
      def g():
          p = ptr32(stm.TIM4)
          p[stm.TIM_CR1 // 4] = 0x89
      @micropython.viper
      def h() -> int:
          return ptr32(stm.DMA1)[0]
      @micropython.asm_thumb
      def a():
          movwt(r0, stm.TIM4)
          movw(r1, 0x89)
          str(r1, [r0, stm.TIM_CR1])
      @micropython.asm_thumb
      def b():
          movwt(r0, stm.DMA1)
          ldr(r1, [r0, stm.DMA_LISR])
      for call in f, g, h, a, b:
          try: call()
          except (ValueError, RuntimeError) as e: print(e)
      """)
    let partly = "register TIM4_CR1 (0x40000800) is emulated in part: "
    let advice = "see `vpyboard docs compatibility`"
    #expect(
      run.output == """
        \(partly)bits 3 and 8 cannot be written so; \(advice)
        \(partly)bit 3 cannot be written so; \(advice)
        register DMA1_LISR (0x40026000) is not emulated; \(advice)
        line 16 writes to address 0x40000800: \(partly)bit 3 cannot be written so; \(advice)
        line 20 reads address 0x40026000: register DMA1_LISR (0x40026000) is not emulated; \(advice)

        """)
  }

  @Test("backup registers, backup SRAM and machine.mem_backup are the same memory")
  func backup() throws {
    let run = try FirmwareRun(
      """
      import machine, stm
      from machine import mem8, mem32
      sram, registers = machine.mem_backup(-1)
      print(len(sram), sram.itemsize, len(registers), registers.itemsize, machine.mem_backup() is sram)
      registers[3] = -1
      print(hex(mem32[stm.RTC + stm.RTC_BKP3R]))
      mem32[stm.RTC + stm.RTC_BKP19R] = 0xdeadbeef
      print(hex(registers[19]))
      sram[4095] = 0x1a5
      print(hex(mem8[0x40024fff]), mem32[0x40024000])
      sram[:3] = b'abc'
      del sram
      import gc; gc.collect()
      print(bytes(machine.mem_backup(0)[:4]))
      for region in 2, -2:
          try: machine.mem_backup(region)
          except ValueError as e: print(e)
      """)
    #expect(
      run.output
        == "4096 1 20 4 True\n0xffffffff\n0xdeadbeef\n0xa5 0\nb'abc\\x00'\ninvalid region\ninvalid region\n")
  }

  @Test("SPI: a program that polls the status register sends and receives words, and sets the mode up")
  func spi() throws {
    let run = try FirmwareRun(
      """
      import stm
      from machine import SPI, mem8, mem16, mem32
      spi = SPI(1, 10_000_000)
      CR1, SR, DR = stm.SPI1 + stm.SPI_CR1, stm.SPI1 + stm.SPI_SR, stm.SPI1 + stm.SPI_DR
      print(hex(mem32[CR1]), hex(mem32[SR]))
      def exchange(word):
          while not mem32[SR] & 2: pass
          mem32[DR] = word
          while not mem32[SR] & 1: pass
          return mem32[DR]
      print([exchange(i) for i in (0, 0x5a, 0xff)], hex(mem32[SR]))
      # Nobody reads: the second word is lost, and that is told.
      mem8[DR] = 1; mem8[DR] = 2
      print(hex(mem32[SR]), mem32[DR], hex(mem32[SR]), hex(mem32[SR]))
      # Another mode, words of 16 bits, a slower clock.
      mem32[CR1] = mem32[CR1] & ~0x40
      mem32[CR1] = mem32[CR1] & ~0x38 | 0x838 | 3
      mem16[DR] = 0x1234
      print(hex(mem32[SR]))
      mem32[CR1] |= 0x40
      print(spi, hex(mem32[DR]))
      @micropython.viper
      def fill(n: int):
          p = ptr16(stm.SPI1)
          for i in range(n):
              while not p[stm.SPI_SR // 2] & 2: pass
              p[stm.SPI_DR // 2] = i
      fill(3)
      spi.deinit()
      print(hex(mem32[CR1] & 0x40))
      try: mem32[stm.SPI1 + stm.SPI_CR2] = 3
      except ValueError as e: print(e)
      """, wires: ["X7-X8"])
    #expect(
      run.output == """
        0x35c 0x2
        [0, 90, 255] 0x2
        0x43 1 0x42 0x2
        0x2
        SPI(1, baudrate=328125, polarity=1, phase=1, bits=16) 0x1234
        0x0
        register SPI1_CR2 (0x40013004) is emulated in part: bits 0 and 1 cannot be written so; see `vpyboard docs compatibility`

        """)
  }

  @Test(
    "I2C: a program that polls the status registers writes and reads a target, as the reference manual says")
  func i2c() throws {
    let run = try FirmwareRun(
      """
      import stm, pyb
      from machine import I2C, mem32
      pyb.Accel()
      bus = I2C(1, freq=400_000)
      CR1, SR1, SR2, DR = (stm.I2C1 + r for r in (stm.I2C_CR1, stm.I2C_SR1, stm.I2C_SR2, stm.I2C_DR))
      print(hex(mem32[CR1]), mem32[stm.I2C1 + stm.I2C_CR2], hex(mem32[stm.I2C1 + stm.I2C_CCR]))
      START, STOP, ACK = 0x100, 0x200, 0x400
      def wait(bit):
          for _ in range(100):
              if mem32[SR1] & bit: return True
          return False
      def address(byte):
          mem32[CR1] |= START
          print('SB', wait(1), end=' ')
          mem32[DR] = byte
          found = wait(2)
          print('ADDR', found, end=' ')
          return found
      def write(*data):
          address(76 << 1)
          print('SR2', hex(mem32[SR2]), end=' ')
          for byte in data:
              print('TXE', wait(0x80), end=' ')
              mem32[DR] = byte
          print('BTF', wait(4))
      def read(n):
          mem32[CR1] |= ACK
          address(76 << 1 | 1)
          if n == 1: mem32[CR1] &= ~ACK
          mem32[SR2]
          result = []
          while n:
              if n == 1:
                  mem32[CR1] &= ~ACK
                  mem32[CR1] |= STOP
              if not wait(0x40): print('none'); break
              result.append(mem32[DR])
              n -= 1
          return result
      write(7, 0); mem32[CR1] |= STOP
      write(6, 0xe7); mem32[CR1] |= STOP
      write(6)
      print(read(2), hex(mem32[SR2]))
      print(bus.readfrom_mem(76, 6, 2))
      print(address(0x20 << 1), hex(mem32[SR1]))
      mem32[SR1] = 0
      mem32[CR1] |= STOP
      print(hex(mem32[SR1]), hex(mem32[SR2]), bus.scan())
      mem32[CR1] &= ~1
      mem32[stm.I2C1 + stm.I2C_CCR] = 210
      mem32[CR1] |= 1
      print(bus)
      try: mem32[stm.I2C1 + stm.I2C_CR2] |= 0x800
      except ValueError as e: print(e)
      """)
    #expect(
      run.output == """
        0x1 42 0xc005
        SB True ADDR True SR2 0x7 TXE True TXE True BTF True
        SB True ADDR True SR2 0x7 TXE True TXE True BTF True
        SB True ADDR True SR2 0x7 TXE True BTF True
        SB True ADDR True [231, 0] 0x0
        b'\\xe7\\x00'
        SB True ADDR False False 0x400
        0x0 0x0 [76]
        I2C(1, scl=B6, sda=B7, freq=100000)
        register I2C1_CR2 (0x40005404) is emulated in part: bit 11 cannot be written so; see `vpyboard docs compatibility`

        """)
  }

  @Test(
    "two bytes with POS, and three with a clock that is held, come as the reference manual's sequences ask for them"
  )
  func receptions() throws {
    let run = try FirmwareRun(
      """
      import stm, pyb
      from machine import I2C, mem32
      accel = pyb.Accel()
      bus = I2C(1, freq=400_000)
      bus.writeto_mem(76, 7, b'\\0')
      bus.writeto_mem(76, 6, b'\\x11')
      bus.writeto_mem(76, 8, b'\\x33')
      CR1, SR1, SR2, DR = (stm.I2C1 + r for r in (stm.I2C_CR1, stm.I2C_SR1, stm.I2C_SR2, stm.I2C_DR))
      START, STOP, ACK, POS = 0x100, 0x200, 0x400, 0x800
      def select(register):
          mem32[CR1] |= START
          while not mem32[SR1] & 1: pass
          mem32[DR] = 76 << 1
          while not mem32[SR1] & 2: pass
          mem32[SR2]
          mem32[DR] = register
          while not mem32[SR1] & 4: pass
          mem32[CR1] |= START | ACK
          while not mem32[SR1] & 1: pass
          mem32[DR] = 76 << 1 | 1
          while not mem32[SR1] & 2: pass
      select(6)
      mem32[CR1] |= POS
      mem32[SR2]
      mem32[CR1] &= ~ACK
      while not mem32[SR1] & 4: pass
      mem32[CR1] |= STOP
      print(mem32[DR], mem32[DR], mem32[SR1])
      mem32[CR1] &= ~POS
      select(6)
      mem32[SR2]
      while not mem32[SR1] & 4: pass
      mem32[CR1] &= ~ACK
      first = mem32[DR]
      mem32[CR1] |= STOP
      second = mem32[DR]
      while not mem32[SR1] & 0x40: pass
      print(first, second, mem32[DR], mem32[SR1], mem32[SR2])
      print(bus.readfrom_mem(76, 8, 1))
      """)
    #expect(run.output == "17 0 0\n17 0 51 0 0\nb'3'\n")
  }

  @Test("external interrupts by software, masked and pending; check sums; random numbers")
  func smallPeripherals() throws {
    let run = try FirmwareRun(
      """
      import stm, machine
      from machine import Pin, mem32
      seen = []
      pin = Pin('X1', Pin.IN)
      out = Pin('X2', Pin.OUT)
      pin.irq(lambda p: seen.append(1), Pin.IRQ_RISING, hard=True)
      IMR, FTSR, SWIER, PR = (stm.EXTI + r for r in (stm.EXTI_IMR, stm.EXTI_FTSR, stm.EXTI_SWIER, stm.EXTI_PR))
      print(mem32[IMR], mem32[FTSR])
      mem32[SWIER] = 1
      print(len(seen))
      mem32[IMR] &= ~1
      out(1); out(0)
      print(len(seen), mem32[IMR])
      mem32[IMR] |= 1
      mem32[FTSR] |= 1
      out(1); out(0)
      print(len(seen))
      state = machine.disable_irq()
      out(1)
      print(mem32[PR], end=' ')
      mem32[PR] = 1
      print(mem32[PR], end=' ')
      machine.enable_irq(state)
      print(len(seen))
      mem32[stm.CRC + stm.CRC_CR] = 1
      mem32[stm.CRC + stm.CRC_DR] = 0x12345678
      print(hex(mem32[stm.CRC + stm.CRC_DR]))
      print(mem32[stm.RNG + stm.RNG_SR], mem32[stm.RNG + stm.RNG_DR] != mem32[stm.RNG + stm.RNG_DR])
      """, wires: ["X1-X2"])
    // The sum is the one that ST's application note AN4187 gives for this word.
    #expect(run.output == "1 0\n1\n1 0\n3\n1 0 3\n0xdf8a8a2b\n1 True\n")
  }

  @Test("a timer counts the pulses on a pin, an encoder, and its clock again")
  func countedPulses() throws {
    let run = try FirmwareRun(
      """
      import stm, time
      from machine import mem32
      from pyb import Pin, Timer
      SMCR, CR1, CNT = (stm.TIM2 + r for r in (stm.TIM_SMCR, stm.TIM_CR1, stm.TIM_CNT))
      counter = Timer(2, prescaler=0, period=0x3fffffff)
      counter.channel(1, Timer.IC, pin=Pin('X1'), polarity=Timer.RISING)
      mem32[SMCR] = 0x57
      counter.counter(0)
      pulses = Timer(4, freq=10_000)
      pulses.channel(1, Timer.PWM, pin=Pin('X9'), pulse_width_percent=20)
      time.sleep_ms(100)
      print(999 <= counter.counter() <= 1010, hex(mem32[SMCR]))
      mem32[CR1] &= ~1
      stands = mem32[CNT]
      time.sleep_ms(10)
      print(mem32[CNT] == stands)
      counter.prescaler(9)
      mem32[CNT] = 0
      mem32[CR1] |= 1
      time.sleep_ms(100)
      print(99 <= counter.counter() <= 102)
      mem32[SMCR] = 0
      counter.init(prescaler=83, period=0x3fffffff)
      time.sleep_ms(10)
      print(10_000 <= counter.counter() <= 10_100)
      for value in 0x51, 0x1057, 0x17, 4:
          try: mem32[SMCR] = value; print(hex(mem32[SMCR]))
          except ValueError as e: print(e)
      """, wires: ["X1-X9"])
    let refusal = "cannot be written so; see `vpyboard docs compatibility`"
    let register = "register TIM2_SMCR (0x40000008) is emulated in part:"
    #expect(
      run.output == """
        True 0x57
        True
        True
        True
        0x51
        \(register) bits 1, 2 and 12 \(refusal)
        \(register) bits 1, 2 and 6 \(refusal)
        \(register) bits 0, 2, 4 and 6 \(refusal)

        """)
  }
}
