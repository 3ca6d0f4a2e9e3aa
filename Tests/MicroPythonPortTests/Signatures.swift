/// What functions, methods and classes of a Pyboard V1.1 take, as MicroPython 1.29 has it (ports/stm32, extmod, py).
///
/// A line is a name, the least and the most arguments by position (`*`: not checked by number), the receiver of a method counted,
/// and the parameters of what sorts its arguments by name (`mp_arg_parse_all`) behind the least number: `=` stands before those by
/// name only, `!` behind those that must be given, `_` for one without a name.
enum Signatures {
  /// How an object is made whose methods are called.
  static let objects: KeyValuePairs<String, String> = [
    "machine.ADC": "machine.ADC('X19')",
    "machine.CAN": "machine.CAN(1, 500000)",
    "machine.I2C": "machine.I2C(2)",
    "machine.I2CTarget": "machine.I2CTarget(1, 66)",
    "machine.I2S": """
    (lambda pin: machine.I2S(2, sck=pin('Y6'), ws=pin('Y5'), sd=pin('Y8'), mode=machine.I2S.TX, bits=16, \
    format=machine.I2S.MONO, rate=8000, ibuf=64))(machine.Pin)
    """,
    "machine.PWM": "machine.PWM('X1')",
    "machine.SDCard": "machine.SDCard()",
    "machine.SPI": "machine.SPI(2)",
    "machine.Signal": "machine.Signal('X4')",
    "machine.SoftI2C": "machine.SoftI2C(machine.Pin('Y1'), machine.Pin('Y2'))",
    "machine.SoftSPI":
      "machine.SoftSPI(sck=machine.Pin('X1'), mosi=machine.Pin('X2'), miso=machine.Pin('X3'))",
    "machine.Timer": "machine.Timer(-1)",
    "machine.UART": "machine.UART(2, 9600)",
    "machine.WDT": "machine.WDT(timeout=30000)",
    "micropython.RingIO": "micropython.RingIO(8)",
    "pyb.ADC": "pyb.ADC('X19')",
    "pyb.ADCAll": "pyb.ADCAll(12)",
    "pyb.Accel": "pyb.Accel()",
    "pyb.CAN": "pyb.CAN(1, pyb.CAN.LOOPBACK)",
    "pyb.DAC": "pyb.DAC(1)",
    "pyb.ExtInt": "pyb.ExtInt('X7', pyb.ExtInt.IRQ_RISING, pyb.Pin.PULL_NONE, None)",
    "pyb.Flash": "pyb.Flash()",
    "pyb.I2C": "pyb.I2C(1, 0)",
    "pyb.LED": "pyb.LED(1)",
    "pyb.Pin": "pyb.Pin('X1')",
    "pyb.RTC": "pyb.RTC()",
    "pyb.SDCard": "pyb.SDCard()",
    "pyb.SPI": "pyb.SPI(1, 0)",
    "pyb.Servo": "pyb.Servo(1)",
    "pyb.Switch": "pyb.Switch()",
    "pyb.Timer": "pyb.Timer(4)",
    "pyb.UART": "pyb.UART(1, 9600)",
    "pyb.USB_HID": "pyb.USB_HID()",
    "pyb.LCD": "pyb.LCD('X')",
    "pyb.USB_VCP": "pyb.USB_VCP()",
    "select.poll": "select.poll()",
  ]

  static let table = """
    gc.collect 0 0
    gc.disable 0 0
    gc.enable 0 0
    gc.isenabled 0 0
    gc.mem_alloc 0 0
    gc.mem_free 0 0
    gc.threshold 0 1
    machine.ADC 1 1
    machine.ADC.init 1 *
    machine.ADC.read_u16 1 1
    machine.CAN.cancel_send 2 2
    machine.CAN.deinit 1 1
    machine.CAN.get_counters 1 2
    machine.CAN.get_timings 1 2
    machine.CAN.init 1 * bitrate!:int mode:int sample_point:int sjw:int tseg1:int tseg2:int
    machine.CAN.irq 1 * handler:obj trigger:int hard:bool
    machine.CAN.recv 1 2
    machine.CAN.restart 1 1
    machine.CAN.set_filters 2 2
    machine.CAN.state 1 1
    machine.I2C.deinit 1 1
    machine.I2C.init 1 *
    machine.I2C.readfrom 3 4
    machine.I2C.readfrom_into 3 4
    machine.I2C.readfrom_mem 1 * addr!:int memaddr!:int arg!:obj =addrsize:int
    machine.I2C.readfrom_mem_into 1 * addr!:int memaddr!:int arg!:obj =addrsize:int
    machine.I2C.readinto 2 3
    machine.I2C.scan 1 1
    machine.I2C.start 1 1
    machine.I2C.stop 1 1
    machine.I2C.write 2 2
    machine.I2C.writeto 3 4
    machine.I2C.writeto_mem 1 * addr!:int memaddr!:int arg!:obj =addrsize:int
    machine.I2C.writevto 3 4
    machine.I2CTarget 0 * id!:obj addr!:int =addrsize:int =mem:obj =mem_addrsize:int
    machine.I2CTarget.deinit 1 1
    machine.I2CTarget.irq 1 * handler:obj trigger:int hard:bool
    machine.I2CTarget.readinto 2 2
    machine.I2CTarget.write 2 2
    machine.I2S 1 *
    machine.I2S.deinit 1 1
    machine.I2S.init 1 * =sck!:obj =ws!:obj =sd!:obj =mode!:int =bits!:int =format!:int =rate!:int =ibuf!:int
    machine.I2S.irq 2 2
    machine.I2S.shift 0 * =buf!:obj =bits!:int =shift!:int
    machine.PWM 1 *
    machine.PWM.deinit 1 1
    machine.PWM.duty_ns 1 2
    machine.PWM.duty_u16 1 2
    machine.PWM.freq 1 2
    machine.PWM.init 1 * freq:int =duty_u16:int =duty_ns:int =invert:int
    machine.SDCard 0 0
    machine.SDCard.info 1 1
    machine.SDCard.ioctl 3 3
    machine.SDCard.power 2 2
    machine.SDCard.present 1 1
    machine.SDCard.read 2 2
    machine.SDCard.readblocks 3 3
    machine.SDCard.write 3 3
    machine.SDCard.writeblocks 3 3
    machine.SPI.deinit 1 1
    machine.SPI.init 1 * =baudrate:int =polarity:int =phase:int =bits:int =firstbit:int
    machine.SPI.read 2 3
    machine.SPI.readinto 2 3
    machine.SPI.write 2 2
    machine.SPI.write_readinto 3 3
    machine.Signal.off 1 1
    machine.Signal.on 1 1
    machine.Signal.value 1 2
    machine.SoftI2C 0 * scl!:obj sda!:obj =freq:int =timeout:int
    machine.SoftI2C.deinit 1 1
    machine.SoftI2C.init 1 *
    machine.SoftI2C.readfrom 3 4
    machine.SoftI2C.readfrom_into 3 4
    machine.SoftI2C.readfrom_mem 1 * addr!:int memaddr!:int arg!:obj =addrsize:int
    machine.SoftI2C.readfrom_mem_into 1 * addr!:int memaddr!:int arg!:obj =addrsize:int
    machine.SoftI2C.readinto 2 3
    machine.SoftI2C.scan 1 1
    machine.SoftI2C.start 1 1
    machine.SoftI2C.stop 1 1
    machine.SoftI2C.write 2 2
    machine.SoftI2C.writeto 3 4
    machine.SoftI2C.writeto_mem 1 * addr!:int memaddr!:int arg!:obj =addrsize:int
    machine.SoftI2C.writevto 3 4
    machine.SoftSPI 0 * baudrate:int =polarity:int =phase:int =bits:int =firstbit:int =sck:obj =mosi:obj =miso:obj
    machine.SoftSPI.deinit 1 1
    machine.SoftSPI.init 1 * baudrate:int polarity:int phase:int =firstbit:int =sck:obj =mosi:obj =miso:obj
    machine.SoftSPI.read 2 3
    machine.SoftSPI.readinto 2 3
    machine.SoftSPI.write 2 2
    machine.SoftSPI.write_readinto 3 3
    machine.Timer.deinit 1 1
    machine.Timer.init 1 * =mode:int =callback:obj =period:int =tick_hz:int =freq:obj =hard:bool
    machine.UART 1 *
    machine.UART.any 1 1
    machine.UART.deinit 1 1
    machine.UART.flush 1 1
    machine.UART.init 1 * baudrate!:int bits:int parity:obj stop:int =flow:int =timeout:int =timeout_char:int \
      =rxbuf:int =read_buf_len:int =invert:int
    machine.UART.irq 1 *
    machine.UART.read 1 2
    machine.UART.readchar 1 1
    machine.UART.readinto 2 3
    machine.UART.readline 1 2
    machine.UART.sendbreak 1 1
    machine.UART.txdone 1 1
    machine.UART.write 2 4
    machine.UART.writechar 2 2
    machine.WDT 0 * id:obj timeout:int
    machine.WDT.feed 1 1
    machine.bitstream 4 4
    machine.bootloader 0 1
    machine.deepsleep 0 1
    machine.disable_irq 0 0
    machine.enable_irq 0 1
    machine.freq 0 4
    machine.idle 0 0
    machine.info 0 1
    machine.lightsleep 0 1
    machine.reset 0 0
    machine.reset_cause 0 0
    machine.rng 0 0
    machine.sleep 0 1
    machine.soft_reset 0 1
    machine.time_pulse_us 2 3
    machine.unique_id 0 0
    micropython.RingIO 1 1
    micropython.RingIO.any 1 1
    micropython.RingIO.close 1 1
    micropython.RingIO.read 1 2
    micropython.RingIO.readinto 2 3
    micropython.RingIO.readline 1 2
    micropython.RingIO.write 2 4
    micropython.alloc_emergency_exception_buf 1 1
    micropython.const 1 1
    micropython.heap_lock 0 0
    micropython.heap_unlock 0 0
    micropython.kbd_intr 1 1
    micropython.mem_info 0 1
    micropython.opt_level 0 1
    micropython.qstr_info 0 1
    micropython.schedule 2 2
    micropython.stack_use 0 0
    os.VfsFat 1 1
    os.chdir 1 1
    os.dupterm 1 2
    os.getcwd 0 0
    os.ilistdir 0 1
    os.listdir 0 1
    os.mkdir 1 1
    os.mount 0 * _!:obj _!:obj =readonly:obj =mkfs:obj
    os.remove 1 1
    os.rename 2 2
    os.rmdir 1 1
    os.stat 1 1
    os.statvfs 1 1
    os.sync 0 0
    os.umount 1 1
    os.uname 0 0
    os.unlink 1 1
    os.urandom 1 1
    pyb.ADC 1 1
    pyb.ADC.read 1 1
    pyb.ADC.read_timed 3 3
    pyb.ADC.read_timed_multi 3 3
    pyb.ADCAll 1 2
    pyb.ADCAll.read_channel 2 2
    pyb.ADCAll.read_core_temp 1 1
    pyb.ADCAll.read_core_vbat 1 1
    pyb.ADCAll.read_core_vref 1 1
    pyb.ADCAll.read_vref 1 1
    pyb.Accel 0 0
    pyb.Accel.filtered_xyz 1 1
    pyb.Accel.read 2 2
    pyb.Accel.tilt 1 1
    pyb.Accel.write 3 3
    pyb.Accel.x 1 1
    pyb.Accel.y 1 1
    pyb.Accel.z 1 1
    pyb.CAN 1 *
    pyb.CAN.any 2 2
    pyb.CAN.clearfilter 2 * extframe:bool
    pyb.CAN.deinit 1 1
    pyb.CAN.info 1 2
    pyb.CAN.init 1 * mode!:int prescaler:int =sjw:int =bs1:int =bs2:int =auto_restart:bool =baudrate:int \
      =sample_point:int =num_filter_banks:int
    pyb.CAN.recv 1 * fifo!:int list:obj =timeout:int
    pyb.CAN.restart 1 1
    pyb.CAN.rxcallback 3 3
    pyb.CAN.send 1 * data!:obj id!:int =timeout:int =rtr:bool extframe:bool
    pyb.CAN.setfilter 1 * bank!:int mode!:int fifo!:int params!:obj =rtr:obj extframe:bool
    pyb.CAN.state 1 1
    pyb.DAC 1 *
    pyb.DAC.deinit 1 1
    pyb.DAC.init 1 * bits:int =buffering:obj
    pyb.DAC.noise 2 2
    pyb.DAC.triangle 2 2
    pyb.DAC.write 2 2
    pyb.DAC.write_timed 1 * data!:obj freq!:obj =mode:int
    pyb.ExtInt 0 * pin!:obj mode!:int pull!:int callback!:obj
    pyb.ExtInt.disable 1 1
    pyb.ExtInt.enable 1 1
    pyb.ExtInt.line 1 1
    pyb.ExtInt.regs 0 0
    pyb.ExtInt.swint 1 1
    pyb.Flash 0 * =start:int =len:int
    pyb.Flash.ioctl 3 3
    pyb.Flash.readblocks 3 4
    pyb.Flash.writeblocks 3 4
    pyb.I2C 1 *
    pyb.I2C.deinit 1 1
    pyb.I2C.init 1 * mode:int =addr:int =baudrate:int =gencall:bool =dma:bool =timingr:obj
    pyb.I2C.is_ready 2 2
    pyb.I2C.mem_read 1 * data!:obj addr!:int memaddr!:int =timeout:int =addr_size:int
    pyb.I2C.mem_write 1 * data!:obj addr!:int memaddr!:int =timeout:int =addr_size:int
    pyb.I2C.recv 1 * recv!:obj addr:int =timeout:int
    pyb.I2C.scan 1 1
    pyb.I2C.send 1 * send!:obj addr:int =timeout:int
    pyb.LCD 1 1
    pyb.LCD.command 3 3
    pyb.LCD.contrast 2 2
    pyb.LCD.fill 2 2
    pyb.LCD.get 3 3
    pyb.LCD.light 2 2
    pyb.LCD.pixel 4 4
    pyb.LCD.show 1 1
    pyb.LCD.text 5 5
    pyb.LCD.write 2 2
    pyb.LED 1 1
    pyb.LED.intensity 1 2
    pyb.LED.off 1 1
    pyb.LED.on 1 1
    pyb.LED.toggle 1 1
    pyb.Pin 1 *
    pyb.Pin.af 1 1
    pyb.Pin.af_list 1 1
    pyb.Pin.debug 1 2
    pyb.Pin.dict 1 2
    pyb.Pin.gpio 1 1
    pyb.Pin.high 1 1
    pyb.Pin.init 1 * mode!:int pull:obj af:int =value:obj =alt:int
    pyb.Pin.irq 1 * handler:obj trigger:int hard:bool
    pyb.Pin.low 1 1
    pyb.Pin.mapper 1 2
    pyb.Pin.mode 1 1
    pyb.Pin.name 1 1
    pyb.Pin.names 1 1
    pyb.Pin.off 1 1
    pyb.Pin.on 1 1
    pyb.Pin.pin 1 1
    pyb.Pin.port 1 1
    pyb.Pin.pull 1 1
    pyb.Pin.value 1 2
    pyb.RTC 0 0
    pyb.RTC.calibration 1 2
    pyb.RTC.datetime 1 2
    pyb.RTC.info 1 1
    pyb.RTC.init 1 1
    pyb.RTC.wakeup 2 4
    pyb.SDCard 0 0
    pyb.SDCard.info 1 1
    pyb.SDCard.ioctl 3 3
    pyb.SDCard.power 2 2
    pyb.SDCard.present 1 1
    pyb.SDCard.read 2 2
    pyb.SDCard.readblocks 3 3
    pyb.SDCard.write 3 3
    pyb.SDCard.writeblocks 3 3
    pyb.SPI 1 *
    pyb.SPI.deinit 1 1
    pyb.SPI.init 1 * mode!:int baudrate:int =prescaler:int =polarity:int =phase:int =dir:int =bits:int =nss:int \
      =firstbit:int =ti:bool =crc:obj
    pyb.SPI.read 2 3
    pyb.SPI.readinto 2 3
    pyb.SPI.recv 1 * recv!:obj =timeout:int
    pyb.SPI.send 1 * send!:obj =timeout:int
    pyb.SPI.send_recv 1 * send!:obj recv:obj =timeout:int
    pyb.SPI.write 2 2
    pyb.SPI.write_readinto 3 3
    pyb.Servo 1 1
    pyb.Servo.angle 1 3
    pyb.Servo.calibration 1 6
    pyb.Servo.pulse_width 1 2
    pyb.Servo.speed 1 3
    pyb.Switch 0 0
    pyb.Switch.callback 2 2
    pyb.Switch.value 1 1
    pyb.Timer 1 *
    pyb.Timer.callback 2 2
    pyb.Timer.channel 2 * mode!:int =callback:obj =pin:obj =pulse_width:int =pulse_width_percent:obj \
      =pulse_width_us:obj =pulse_width_ns:obj =compare:int =polarity:int
    pyb.Timer.counter 1 2
    pyb.Timer.deinit 1 1
    pyb.Timer.freq 1 2
    pyb.Timer.init 1 * =freq:obj =prescaler:int =period:int =tick_hz:int =mode:int =div:int =callback:obj \
      =deadtime:int =brk:int =hard:bool
    pyb.Timer.period 1 2
    pyb.Timer.prescaler 1 2
    pyb.Timer.source_freq 1 1
    pyb.UART 1 *
    pyb.UART.any 1 1
    pyb.UART.deinit 1 1
    pyb.UART.flush 1 1
    pyb.UART.init 1 * baudrate!:int bits:int parity:obj stop:int =flow:int =timeout:int =timeout_char:int \
      =rxbuf:int =read_buf_len:int =invert:int
    pyb.UART.irq 1 *
    pyb.UART.read 1 2
    pyb.UART.readchar 1 1
    pyb.UART.readinto 2 3
    pyb.UART.readline 1 2
    pyb.UART.sendbreak 1 1
    pyb.UART.txdone 1 1
    pyb.UART.write 2 4
    pyb.UART.writechar 2 2
    pyb.USB_HID 0 0
    pyb.USB_HID.recv 1 * data!:obj =timeout:int
    pyb.USB_HID.send 2 2
    pyb.USB_VCP 0 1
    pyb.USB_VCP.any 1 1
    pyb.USB_VCP.close 1 1
    pyb.USB_VCP.init 1 * =flow:int
    pyb.USB_VCP.irq 1 *
    pyb.USB_VCP.isconnected 1 1
    pyb.USB_VCP.read 1 2
    pyb.USB_VCP.readinto 2 3
    pyb.USB_VCP.readline 1 2
    pyb.USB_VCP.readlines 1 1
    pyb.USB_VCP.recv 1 * data!:obj =timeout:int
    pyb.USB_VCP.send 1 * data!:obj =timeout:int
    pyb.USB_VCP.setinterrupt 2 2
    pyb.USB_VCP.write 2 4
    pyb.bootloader 0 1
    pyb.country 0 1
    pyb.delay 1 1
    pyb.disable_irq 0 0
    pyb.elapsed_micros 1 1
    pyb.elapsed_millis 1 1
    pyb.enable_irq 0 1
    pyb.fault_debug 1 1
    pyb.freq 0 4
    pyb.hard_reset 0 0
    pyb.have_cdc 0 0
    pyb.hid 1 1
    pyb.info 0 1
    pyb.main 1 *
    pyb.micros 0 0
    pyb.millis 0 0
    pyb.mount 0 * _!:obj _!:obj =readonly:obj =mkfs:obj
    pyb.pwm 2 2
    pyb.repl_info 1 1
    pyb.repl_uart 0 1
    pyb.rng 0 0
    pyb.servo 2 2
    pyb.standby 0 1
    pyb.stop 0 1
    pyb.sync 0 0
    pyb.udelay 1 1
    pyb.unique_id 0 0
    pyb.usb_mode 0 * mode!:obj =port:int =vid:int =pid:int =msc:obj =hid:obj =high_speed:bool
    pyb.wfi 0 0
    select.poll 0 0
    select.poll.ipoll 1 3
    select.poll.modify 3 3
    select.poll.poll 1 2
    select.poll.register 2 3
    select.poll.unregister 2 2
    select.select 3 4
    time.gmtime 0 1
    time.localtime 0 1
    time.mktime 1 1
    time.sleep 1 1
    time.sleep_ms 1 1
    time.sleep_us 1 1
    time.ticks_add 2 2
    time.ticks_cpu 0 0
    time.ticks_diff 2 2
    time.ticks_ms 0 0
    time.ticks_us 0 0
    time.time 0 0
    time.time_ns 0 0
    vfs.VfsFat 1 1
    vfs.mount 0 * _!:obj _!:obj =readonly:obj =mkfs:obj
    vfs.umount 1 1
    """
}
