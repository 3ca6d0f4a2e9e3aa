#include "CGPIOD.h"

#include <errno.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <sys/ioctl.h>

_Static_assert(cgpiod_i2c_limit == I2C_RDWR_IOCTL_MAX_MSGS, "the kernel's limit");

int cgpiod_i2c_transfer(int descriptor, const struct cgpiod_i2c_message *messages, int count) {
  struct i2c_msg parts[cgpiod_i2c_limit];
  if (count > cgpiod_i2c_limit) return EINVAL;
  for (int i = 0; i < count; i++) {
    parts[i] = (struct i2c_msg){.addr = messages[i].address,
                                .flags = messages[i].is_read ? I2C_M_RD : 0,
                                .len = messages[i].count,
                                .buf = messages[i].bytes};
  }
  struct i2c_rdwr_ioctl_data transfer = {.msgs = parts, .nmsgs = (unsigned)count};
  return ioctl(descriptor, I2C_RDWR, &transfer) < 0 ? errno : 0;
}
