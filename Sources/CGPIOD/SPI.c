#include "CGPIOD.h"

#include <errno.h>
#include <linux/spi/spidev.h>
#include <sys/ioctl.h>

int cgpiod_spi_configure(int descriptor, const struct cgpiod_spi_settings *settings) {
  uint32_t mode = (settings->idles_high ? SPI_CPOL : 0) | (settings->reads_at_second_edge ? SPI_CPHA : 0) |
                  (settings->lowest_bit_first ? SPI_LSB_FIRST : 0);
  uint32_t unselecting = mode | SPI_NO_CS;
  // Not every driver can leave its chip select alone.
  if (ioctl(descriptor, SPI_IOC_WR_MODE32, &unselecting) != 0 && ioctl(descriptor, SPI_IOC_WR_MODE32, &mode) != 0)
    return errno;
  uint8_t bits = 8;
  uint32_t speed = settings->baud_rate;
  if (ioctl(descriptor, SPI_IOC_WR_BITS_PER_WORD, &bits) != 0) return errno;
  return ioctl(descriptor, SPI_IOC_WR_MAX_SPEED_HZ, &speed) != 0 ? errno : 0;
}

int cgpiod_spi_transfer(int descriptor, uint8_t *bytes, unsigned count) {
  struct spi_ioc_transfer transfer = {
      .tx_buf = (uintptr_t)bytes, .rx_buf = (uintptr_t)bytes, .len = count, .bits_per_word = 8};
  return ioctl(descriptor, SPI_IOC_MESSAGE(1), &transfer) < 0 ? errno : 0;
}
