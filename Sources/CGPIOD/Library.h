// What the two versions of the library implement, and how the one that is installed is found.
#ifndef CGPIOD_LIBRARY_H
#define CGPIOD_LIBRARY_H

#include "CGPIOD.h"

struct cgpiod_library {
  int version;
  const char *(*version_text)(void);
  int (*chip_open)(const char *, struct cgpiod_chip **);
  void (*chip_close)(struct cgpiod_chip *);
  const char *(*chip_name)(const struct cgpiod_chip *);
  const char *(*chip_label)(const struct cgpiod_chip *);
  unsigned (*chip_line_count)(const struct cgpiod_chip *);
  int (*chip_line_info)(struct cgpiod_chip *, unsigned, struct cgpiod_info *);
  int (*line_request)(struct cgpiod_chip *, unsigned, const struct cgpiod_settings *, const char *, struct cgpiod_line **);
  int (*line_reconfigure)(struct cgpiod_line *, const struct cgpiod_settings *);
  int (*line_get)(struct cgpiod_line *, bool *);
  int (*line_set)(struct cgpiod_line *, bool);
  int (*line_descriptor)(struct cgpiod_line *);
  int (*line_read_edge)(struct cgpiod_line *, struct cgpiod_edge *);
  void (*line_release)(struct cgpiod_line *);
};

/// A version whose functions are called as the members.
#define CGPIOD_LIBRARY(number) \
  { \
    .version = number, .version_text = version_text, .chip_open = chip_open, .chip_close = chip_close, \
    .chip_name = chip_name, .chip_label = chip_label, .chip_line_count = chip_line_count, \
    .chip_line_info = chip_line_info, .line_request = line_request, .line_reconfigure = line_reconfigure, \
    .line_get = line_get, .line_set = line_set, .line_descriptor = line_descriptor, .line_read_edge = line_read_edge, \
    .line_release = line_release \
  }

/// Opens libgpiod.so.3; NULL when it is not there.
const struct cgpiod_library *cgpiod_open_2(void);
/// Opens libgpiod.so.2, the library's 1.6; NULL when it is not there.
const struct cgpiod_library *cgpiod_open_1(void);

/// errno of a call that failed, never 0.
int cgpiod_error(void);
/// Copies at most 63 bytes; a null pointer is the empty string.
void cgpiod_copy(char destination[64], const char *source);

#endif
