/// The names of module `stm`: where the peripherals of the STM32F405 lie and how far their registers are from there.
///
/// Source: the memory map and the register maps of the reference manual (RM0090, 2.3 and the end of each chapter); which of them
/// have a name is MicroPython's choice (ports/stm32/make-stmconst.py).
enum STMConstants {
  /// By name: `GPIOA`, `GPIO_ODR`.
  static let all: [String: Int] = {
    var all: [String: Int] = [:]
    for (name, address) in pairs(peripherals) { all[name] = address }
    for (peripheral, registers) in registers {
      for (name, offset) in pairs(registers) { all["\(peripheral)_\(name)"] = offset }
    }
    return all
  }()

  /// `NAME:hexadecimal` between blanks.
  private static func pairs(_ text: String) -> [(String, Int)] {
    text.split { $0.isWhitespace }.compactMap { entry in
      let parts = entry.split(separator: ":")
      guard parts.count == 2, let number = Int(parts[1], radix: 16) else { return nil }
      return (String(parts[0]), number)
    }
  }

  private static let peripherals = """
    TIM2:40000000 TIM3:40000400 TIM4:40000800 TIM5:40000c00 TIM6:40001000 TIM7:40001400 TIM12:40001800
    TIM13:40001c00 TIM14:40002000 RTC:40002800 WWDG:40002c00 IWDG:40003000 I2S2EXT:40003400
    SPI2:40003800 SPI3:40003c00 I2S3EXT:40004000 USART2:40004400 USART3:40004800 UART4:40004c00
    UART5:40005000 I2C1:40005400 I2C2:40005800 I2C3:40005c00 CAN1:40006400 CAN2:40006800 PWR:40007000
    DAC1:40007400 DAC:40007400 TIM1:40010000 TIM8:40010400 USART1:40011000 USART6:40011400 ADC1:40012000
    ADC2:40012100 ADC3:40012200 ADC123_COMMON:40012300 SDIO:40012c00 SPI1:40013000 SYSCFG:40013800
    EXTI:40013c00 TIM9:40014000 TIM10:40014400 TIM11:40014800 GPIOA:40020000 GPIOB:40020400
    GPIOC:40020800 GPIOD:40020c00 GPIOE:40021000 GPIOF:40021400 GPIOG:40021800 GPIOH:40021c00
    GPIOI:40022000 CRC:40023000 RCC:40023800 FLASH:40023c00 DMA1:40026000 DMA2:40026400 RNG:50060800
    DBGMCU:e0042000 USB_OTG_FS:50000000 USB_OTG_HS:40040000
    """

  private static let registers: [(String, String)] = [
    (
      "ADC",
      """
      SR:0 CR1:4 CR2:8 SMPR1:c SMPR2:10 JOFR1:14 JOFR2:18 JOFR3:1c JOFR4:20 HTR:24 LTR:28 SQR1:2c SQR2:30
      SQR3:34 JSQR:38 JDR1:3c JDR2:40 JDR3:44 JDR4:48 DR:4c
      """
    ),
    (
      "CRC",
      """
      DR:0 IDR:4 CR:8
      """
    ),
    (
      "DAC",
      """
      CR:0 SWTRIGR:4 DHR12R1:8 DHR12L1:c DHR8R1:10 DHR12R2:14 DHR12L2:18 DHR8R2:1c DHR12RD:20 DHR12LD:24
      DHR8RD:28 DOR1:2c DOR2:30 SR:34
      """
    ),
    (
      "DBGMCU",
      """
      IDCODE:0 CR:4 APB1FZ:8 APB2FZ:c
      """
    ),
    (
      "DMA",
      """
      LISR:0 HISR:4 LIFCR:8 HIFCR:c
      """
    ),
    (
      "EXTI",
      """
      IMR:0 EMR:4 RTSR:8 FTSR:c SWIER:10 PR:14
      """
    ),
    (
      "FLASH",
      """
      ACR:0 KEYR:4 OPTKEYR:8 SR:c CR:10 OPTCR:14 OPTCR1:18
      """
    ),
    (
      "GPIO",
      """
      MODER:0 OTYPER:4 OSPEEDR:8 PUPDR:c IDR:10 ODR:14 BSRR:18 LCKR:1c AFR0:20 AFR1:24 BSRRL:18 BSRRH:1a
      """
    ),
    (
      "SYSCFG",
      """
      MEMRMP:0 PMC:4 EXTICR0:8 EXTICR1:c EXTICR2:10 EXTICR3:14 CMPCR:20
      """
    ),
    (
      "I2C",
      """
      CR1:0 CR2:4 OAR1:8 OAR2:c DR:10 SR1:14 SR2:18 CCR:1c TRISE:20
      """
    ),
    (
      "IWDG",
      """
      KR:0 PR:4 RLR:8 SR:c
      """
    ),
    (
      "PWR",
      """
      CR:0 CSR:4
      """
    ),
    (
      "RCC",
      """
      CR:0 PLLCFGR:4 CFGR:8 CIR:c AHB1RSTR:10 AHB2RSTR:14 AHB3RSTR:18 APB1RSTR:20 APB2RSTR:24 AHB1ENR:30
      AHB2ENR:34 AHB3ENR:38 APB1ENR:40 APB2ENR:44 AHB1LPENR:50 AHB2LPENR:54 AHB3LPENR:58 APB1LPENR:60
      APB2LPENR:64 BDCR:70 CSR:74 SSCGR:80 PLLI2SCFGR:84
      """
    ),
    (
      "RTC",
      """
      TR:0 DR:4 CR:8 ISR:c PRER:10 WUTR:14 CALIBR:18 ALRMAR:1c ALRMBR:20 WPR:24 SSR:28 SHIFTR:2c TSTR:30
      TSDR:34 TSSSR:38 CALR:3c TAFCR:40 ALRMASSR:44 ALRMBSSR:48 BKP0R:50 BKP1R:54 BKP2R:58 BKP3R:5c
      BKP4R:60 BKP5R:64 BKP6R:68 BKP7R:6c BKP8R:70 BKP9R:74 BKP10R:78 BKP11R:7c BKP12R:80 BKP13R:84
      BKP14R:88 BKP15R:8c BKP16R:90 BKP17R:94 BKP18R:98 BKP19R:9c
      """
    ),
    (
      "SPI",
      """
      CR1:0 CR2:4 SR:8 DR:c CRCPR:10 RXCRCR:14 TXCRCR:18 I2SCFGR:1c I2SPR:20
      """
    ),
    (
      "TIM",
      """
      CR1:0 CR2:4 SMCR:8 DIER:c SR:10 EGR:14 CCMR1:18 CCMR2:1c CCER:20 CNT:24 PSC:28 ARR:2c RCR:30 CCR1:34
      CCR2:38 CCR3:3c CCR4:40 BDTR:44 DCR:48 DMAR:4c OR:50
      """
    ),
    (
      "USART",
      """
      SR:0 DR:4 BRR:8 CR1:c CR2:10 CR3:14 GTPR:18
      """
    ),
    (
      "WWDG",
      """
      CR:0 CFR:4 SR:8
      """
    ),
    (
      "RNG",
      """
      CR:0 SR:4 DR:8
      """
    ),
  ]
}
