#include "CGPIOD.h"

#include <asm/termbits.h>
#include <errno.h>
#include <sys/ioctl.h>

int cgpiod_serial_configure(int descriptor, const struct cgpiod_serial_settings *settings) {
  static const tcflag_t sizes[] = {CS5, CS6, CS7, CS8};
  if (settings->bits < 5 || settings->bits > 8) return EINVAL;
  struct termios2 wanted = {0};
  if (ioctl(descriptor, TCGETS2, &wanted) != 0) return errno;
  // Bytes as they are; a read that finds none says EAGAIN rather than 0, which is a port that is gone.
  wanted.c_iflag = IGNBRK | (settings->parity == cgpiod_no_parity ? 0 : INPCK);
  wanted.c_oflag = 0;
  wanted.c_lflag = 0;
  wanted.c_cflag = CREAD | CLOCAL | sizes[settings->bits - 5] | BOTHER | (BOTHER << IBSHIFT);
  if (settings->two_stop_bits) wanted.c_cflag |= CSTOPB;
  if (settings->parity != cgpiod_no_parity) wanted.c_cflag |= PARENB;
  if (settings->parity == cgpiod_odd_parity) wanted.c_cflag |= PARODD;
  if (settings->flow_control) wanted.c_cflag |= CRTSCTS;
  wanted.c_ispeed = wanted.c_ospeed = settings->baud_rate;
  wanted.c_cc[VMIN] = 1;
  wanted.c_cc[VTIME] = 0;
  if (ioctl(descriptor, TCSETS2, &wanted) != 0) return errno;
  // What had arrived before.
  ioctl(descriptor, TCFLSH, TCIFLUSH);
  return 0;
}

int cgpiod_serial_claim(int descriptor) { return ioctl(descriptor, TIOCEXCL) == 0 ? 0 : errno; }

void cgpiod_serial_unclaim(int descriptor) { ioctl(descriptor, TIOCNXCL); }

int cgpiod_serial_unsent(int descriptor) {
  int count = 0;
  return ioctl(descriptor, TIOCOUTQ, &count) == 0 ? count : 0;
}

int cgpiod_serial_break(int descriptor) { return ioctl(descriptor, TCSBRK, 0) == 0 ? 0 : errno; }
