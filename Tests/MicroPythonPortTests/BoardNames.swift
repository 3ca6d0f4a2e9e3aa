/// The names that modules and classes of a Pyboard V1.1 have (MicroPython 1.29, ports/stm32 with boards/PYBV11, extmod, py), beside
/// those that begin with an underscore. A class is written `module.Class`, what a call returns `module.Class()`.
enum BoardNames {
  static let pyboard: KeyValuePairs<String, String> = [
    "pyb": """
    fault_debug bootloader hard_reset info unique_id freq repl_info wfi disable_irq enable_irq stop standby main
    repl_uart country usb_mode hid_mouse hid_keyboard USB_HID USB_VCP have_cdc hid millis elapsed_millis micros
    elapsed_micros delay udelay sync mount Timer rng RTC Pin ExtInt pwm servo Servo Switch Flash SD SDCard LED
    I2C SPI UART CAN ADC ADCAll DAC Accel LCD
    """,
    "pyb.Pin": """
    init value off on irq low high name names af_list port pin gpio mode pull af mapper dict debug board cpu IN
    OUT OPEN_DRAIN ALT ALT_OPEN_DRAIN ANALOG PULL_UP PULL_DOWN IRQ_RISING IRQ_FALLING OUT_PP OUT_OD AF_PP AF_OD
    PULL_NONE AF1_TIM1 AF1_TIM2 AF2_TIM3 AF2_TIM4 AF2_TIM5 AF4_I2C1 AF4_I2C2 AF5_SPI1 AF5_SPI2 AF7_USART1
    AF7_USART2 AF7_USART3 AF8_UART4 AF8_USART6
    """,
    "pyb.ExtInt": """
    line enable disable swint regs IRQ_RISING IRQ_FALLING IRQ_RISING_FALLING EVT_RISING EVT_FALLING
    EVT_RISING_FALLING
    """,
    "pyb.LED": "on off toggle intensity",
    "pyb.Switch": "value callback",
    "pyb.Accel": "x y z tilt filtered_xyz read write",
    "pyb.ADC": "read read_timed read_timed_multi",
    "pyb.ADCAll": "read_channel read_core_temp read_core_vbat read_core_vref read_vref",
    "pyb.DAC": "init deinit write noise triangle write_timed NORMAL CIRCULAR",
    "pyb.RTC": "init info datetime wakeup calibration",
    "pyb.Servo": "pulse_width calibration angle speed",
    "pyb.I2C": """
    init deinit is_ready scan send recv mem_read mem_write CONTROLLER PERIPHERAL MASTER SLAVE
    """,
    "pyb.SPI": """
    init deinit read readinto write write_readinto send recv send_recv CONTROLLER PERIPHERAL MASTER SLAVE MSB LSB
    """,
    "pyb.CAN": """
    init deinit restart state info any send recv setfilter clearfilter rxcallback NORMAL LOOPBACK SILENT
    SILENT_LOOPBACK MASK16 LIST16 MASK32 LIST32 STOPPED ERROR_ACTIVE ERROR_WARNING ERROR_PASSIVE BUS_OFF
    """,
    "pyb.Timer": """
    init deinit channel counter source_freq freq prescaler period callback UP DOWN CENTER PWM PWM_INVERTED
    OC_TIMING OC_ACTIVE OC_INACTIVE OC_TOGGLE OC_FORCED_ACTIVE OC_FORCED_INACTIVE IC ENC_A ENC_B ENC_AB HIGH LOW
    RISING FALLING BOTH BRK_OFF BRK_LOW BRK_HIGH
    """,
    "pyb.UART": """
    init deinit flush read readline readinto write any txdone sendbreak readchar writechar irq RTS CTS IRQ_RXIDLE
    IRQ_RX
    """,
    "pyb.USB_VCP": """
    init setinterrupt isconnected any send recv read readinto readline readlines write close irq RTS CTS IRQ_RX
    """,
    "pyb.USB_HID": "send recv",
    "pyb.SDCard": "present power info read write readblocks writeblocks ioctl",
    "pyb.Flash": "readblocks writeblocks ioctl",
    "pyb.LCD": "command contrast light write fill get pixel text show",
    "machine": """
    mem8 mem16 mem32 mem_backup unique_id soft_reset bootloader reset reset_cause idle freq lightsleep deepsleep
    disable_irq enable_irq bitstream dht_readinto time_pulse_us PinBase Signal SoftI2C SoftSPI ADC CAN I2C I2CTarget
    I2S PWM SDCard SPI UART WDT info rng sleep Pin RTC Timer PWRON_RESET HARD_RESET WDT_RESET DEEPSLEEP_RESET
    SOFT_RESET
    """,
    "machine.ADC": "read_u16 VREF CORE_VREF CORE_TEMP CORE_VBAT",
    "machine.Signal": "value on off",
    "machine.Timer": "init deinit ONE_SHOT PERIODIC",
    "machine.WDT": "feed",
    "machine.PWM": "init deinit freq duty_u16 duty_ns",
    "machine.I2C": """
    init scan start stop readinto write readfrom readfrom_into writeto writevto readfrom_mem readfrom_mem_into
    writeto_mem
    """,
    "machine.SPI": "init deinit read readinto write write_readinto MSB LSB",
    "time": """
    gmtime localtime mktime time time_ns sleep sleep_ms sleep_us ticks_ms ticks_us ticks_cpu ticks_add ticks_diff
    """,
    "os": """
    sync uname urandom sep chdir getcwd listdir mkdir remove rename rmdir unlink stat statvfs dupterm ilistdir mount
    umount VfsFat VfsLfs2
    """,
    "sys": """
    argv version version_info implementation platform byteorder maxsize exit stdin stdout stderr modules
    print_exception path ps1 ps2
    """,
    "micropython": """
    const opt_level mem_info qstr_info stack_use alloc_emergency_exception_buf heap_lock heap_unlock kbd_intr RingIO
    schedule
    """,
    "gc": "collect disable enable isenabled mem_free mem_alloc threshold",
    "network": "country hostname route",
    "onewire": "OneWire OneWireError",
    "dht": "DHT11 DHT22 DHTBase",
  ]

  /// Modules that the board has.
  static let modules = """
    array asyncio binascii builtins cmath collections deflate dht errno framebuf gc hashlib heapq io json lwip machine
    math micropython network onewire os platform pyb random re select socket stm struct sys time uctypes vfs
    """
}
