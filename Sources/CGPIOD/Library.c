#include "Library.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

// Set once, with the functions that it points to: pthread_once orders that before whatever its callers do next, on any thread.
static const struct cgpiod_library *library;

static void open_library(void) {
  library = cgpiod_open_2();
  if (!library) library = cgpiod_open_1();
}

static const struct cgpiod_library *opened(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_library);
  return library;
}

int cgpiod_error(void) { return errno ? errno : EIO; }

void cgpiod_copy(char destination[64], const char *source) {
  strncpy(destination, source ? source : "", 63);
  destination[63] = 0;
}

int cgpiod_version(void) { return opened() ? library->version : 0; }

const char *cgpiod_version_text(void) { return opened() ? library->version_text() : ""; }

int cgpiod_chip_open(const char *path, struct cgpiod_chip **chip) {
  return opened() ? library->chip_open(path, chip) : ENOSYS;
}

// Whoever has a chip or a line has opened the library, or was handed it by somebody who had.
void cgpiod_chip_close(struct cgpiod_chip *chip) { library->chip_close(chip); }

const char *cgpiod_chip_name(const struct cgpiod_chip *chip) { return library->chip_name(chip); }

const char *cgpiod_chip_label(const struct cgpiod_chip *chip) { return library->chip_label(chip); }

unsigned cgpiod_chip_line_count(const struct cgpiod_chip *chip) { return library->chip_line_count(chip); }

int cgpiod_chip_line_info(struct cgpiod_chip *chip, unsigned offset, struct cgpiod_info *info) {
  return library->chip_line_info(chip, offset, info);
}

int cgpiod_line_request(struct cgpiod_chip *chip, unsigned offset, const struct cgpiod_settings *settings,
                        const char *consumer, struct cgpiod_line **line) {
  return library->line_request(chip, offset, settings, consumer, line);
}

int cgpiod_line_reconfigure(struct cgpiod_line *line, const struct cgpiod_settings *settings) {
  return library->line_reconfigure(line, settings);
}

int cgpiod_line_get(struct cgpiod_line *line, bool *value) { return library->line_get(line, value); }

int cgpiod_line_set(struct cgpiod_line *line, bool value) { return library->line_set(line, value); }

int cgpiod_line_descriptor(struct cgpiod_line *line) { return library->line_descriptor(line); }

int cgpiod_line_read_edge(struct cgpiod_line *line, struct cgpiod_edge *edge) {
  return library->line_read_edge(line, edge);
}

void cgpiod_line_release(struct cgpiod_line *line) { library->line_release(line); }
