// What gpiod's own C library makes of the loop that writes.py and bench-gpio measure: line 5 high and low, again and again.
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

enum { OFFSET = 5, PAIRS = 5000, ROUNDS = 5 };

int main(int count, char **arguments) {
  struct gpiod_chip *chip = gpiod_chip_open(count > 1 ? arguments[1] : "/dev/gpiochip0");
  if (!chip) fail("chip");
#if defined(GPIOD_LINE_BULK_MAX_LINES)
  struct gpiod_line *line = gpiod_chip_get_line(chip, OFFSET);
  if (!line || gpiod_line_request_output(line, "bench", 0) != 0) fail("line");
#define SET(value) gpiod_line_set_value(line, value)
#else
  unsigned offset = OFFSET;
  struct gpiod_line_settings *settings = gpiod_line_settings_new();
  gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
  struct gpiod_line_config *config = gpiod_line_config_new();
  gpiod_line_config_add_line_settings(config, &offset, 1, settings);
  struct gpiod_line_request *line = gpiod_chip_request_lines(chip, NULL, config);
  if (!line) fail("line");
#define SET(value) gpiod_line_request_set_value(line, OFFSET, value)
#endif
  for (int round = 0; round < ROUNDS; round++) {
    double start = now();
    for (int i = 0; i < PAIRS; i++) {
      if (SET(1) != 0 || SET(0) != 0) fail("write");
    }
    printf("%.0f\n", 2 * PAIRS / (now() - start));
  }
  return 0;
}
