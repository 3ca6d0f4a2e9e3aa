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
      for f in (lambda: mem32[stm.SPI1 + stm.SPI_CR1], lambda: mem32[stm.USB_OTG_FS + 4], lambda: mem32[0x60000000],
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
        register SPI1_CR1 (0x40013000) is not emulated; see `vpyboard docs compatibility`
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
        register UART4_CR1 (0x40004c0c) is not emulated; see `vpyboard docs compatibility`
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
        register ADC1_CR2 (0x40012008) is not emulated; see `vpyboard docs compatibility`

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
}
