// libgpiod 2.x: libgpiod.so.3.
#include "Functions.h"
#include "Library.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#if __has_include(<gpiod.h>) && !defined(CGPIOD_WITHOUT_HEADER)
#include <gpiod.h>
#if !defined(GPIOD_LINE_BULK_MAX_LINES)
#define HAS_HEADER 1
#endif
#endif

struct gpiod_chip;
struct gpiod_chip_info;
struct gpiod_line_info;
struct gpiod_line_settings;
struct gpiod_line_config;
struct gpiod_request_config;
struct gpiod_line_request;
struct gpiod_edge_event;
struct gpiod_edge_event_buffer;

// What is used of the library: result, name, parameters. Its enumerations are int where they have a negative member and
// unsigned otherwise, as in its ABI.
#define FUNCTIONS(F) \
  F(const char *, gpiod_api_version, (void)) \
  F(struct gpiod_chip *, gpiod_chip_open, (const char *)) \
  F(void, gpiod_chip_close, (struct gpiod_chip *)) \
  F(struct gpiod_chip_info *, gpiod_chip_get_info, (struct gpiod_chip *)) \
  F(void, gpiod_chip_info_free, (struct gpiod_chip_info *)) \
  F(const char *, gpiod_chip_info_get_name, (struct gpiod_chip_info *)) \
  F(const char *, gpiod_chip_info_get_label, (struct gpiod_chip_info *)) \
  F(size_t, gpiod_chip_info_get_num_lines, (struct gpiod_chip_info *)) \
  F(struct gpiod_line_info *, gpiod_chip_get_line_info, (struct gpiod_chip *, unsigned)) \
  F(void, gpiod_line_info_free, (struct gpiod_line_info *)) \
  F(const char *, gpiod_line_info_get_name, (struct gpiod_line_info *)) \
  F(const char *, gpiod_line_info_get_consumer, (struct gpiod_line_info *)) \
  F(bool, gpiod_line_info_is_used, (struct gpiod_line_info *)) \
  F(bool, gpiod_line_info_is_active_low, (struct gpiod_line_info *)) \
  F(unsigned, gpiod_line_info_get_direction, (struct gpiod_line_info *)) \
  F(unsigned, gpiod_line_info_get_drive, (struct gpiod_line_info *)) \
  F(unsigned, gpiod_line_info_get_bias, (struct gpiod_line_info *)) \
  F(struct gpiod_line_settings *, gpiod_line_settings_new, (void)) \
  F(void, gpiod_line_settings_free, (struct gpiod_line_settings *)) \
  F(int, gpiod_line_settings_set_direction, (struct gpiod_line_settings *, unsigned)) \
  F(int, gpiod_line_settings_set_edge_detection, (struct gpiod_line_settings *, unsigned)) \
  F(int, gpiod_line_settings_set_bias, (struct gpiod_line_settings *, unsigned)) \
  F(int, gpiod_line_settings_set_drive, (struct gpiod_line_settings *, unsigned)) \
  F(void, gpiod_line_settings_set_active_low, (struct gpiod_line_settings *, bool)) \
  F(void, gpiod_line_settings_set_debounce_period_us, (struct gpiod_line_settings *, unsigned long)) \
  F(int, gpiod_line_settings_set_output_value, (struct gpiod_line_settings *, int)) \
  F(struct gpiod_line_config *, gpiod_line_config_new, (void)) \
  F(void, gpiod_line_config_free, (struct gpiod_line_config *)) \
  F(int, gpiod_line_config_add_line_settings, \
    (struct gpiod_line_config *, const unsigned *, size_t, struct gpiod_line_settings *)) \
  F(struct gpiod_request_config *, gpiod_request_config_new, (void)) \
  F(void, gpiod_request_config_free, (struct gpiod_request_config *)) \
  F(void, gpiod_request_config_set_consumer, (struct gpiod_request_config *, const char *)) \
  F(struct gpiod_line_request *, gpiod_chip_request_lines, \
    (struct gpiod_chip *, struct gpiod_request_config *, struct gpiod_line_config *)) \
  F(void, gpiod_line_request_release, (struct gpiod_line_request *)) \
  F(int, gpiod_line_request_reconfigure_lines, (struct gpiod_line_request *, struct gpiod_line_config *)) \
  F(int, gpiod_line_request_get_value, (struct gpiod_line_request *, unsigned)) \
  F(int, gpiod_line_request_set_value, (struct gpiod_line_request *, unsigned, int)) \
  F(int, gpiod_line_request_get_fd, (struct gpiod_line_request *)) \
  F(int, gpiod_line_request_read_edge_events, \
    (struct gpiod_line_request *, struct gpiod_edge_event_buffer *, size_t)) \
  F(struct gpiod_edge_event_buffer *, gpiod_edge_event_buffer_new, (size_t)) \
  F(void, gpiod_edge_event_buffer_free, (struct gpiod_edge_event_buffer *)) \
  F(struct gpiod_edge_event *, gpiod_edge_event_buffer_get_event, (struct gpiod_edge_event_buffer *, unsigned long)) \
  F(unsigned, gpiod_edge_event_get_event_type, (struct gpiod_edge_event *)) \
  F(uint64_t, gpiod_edge_event_get_timestamp_ns, (struct gpiod_edge_event *)) \
  F(unsigned long, gpiod_edge_event_get_line_seqno, (struct gpiod_edge_event *))

enum { DIRECTION_INPUT = 2, DIRECTION_OUTPUT = 3 };
enum { EDGE_NONE = 1, EDGE_RISING = 2, EDGE_FALLING = 3, EDGE_BOTH = 4 };
enum { BIAS_AS_IS = 1, BIAS_DISABLED = 3, BIAS_PULL_UP = 4, BIAS_PULL_DOWN = 5 };
enum { DRIVE_PUSH_PULL = 1, DRIVE_OPEN_DRAIN = 2, DRIVE_OPEN_SOURCE = 3 };
enum { EVENT_RISING_EDGE = 1 };

#if HAS_HEADER
FUNCTIONS(CHECK)
CHECK_VALUE(DIRECTION_INPUT)
CHECK_VALUE(DIRECTION_OUTPUT)
CHECK_VALUE(EDGE_NONE)
CHECK_VALUE(EDGE_RISING)
CHECK_VALUE(EDGE_FALLING)
CHECK_VALUE(EDGE_BOTH)
CHECK_VALUE(BIAS_AS_IS)
CHECK_VALUE(BIAS_DISABLED)
CHECK_VALUE(BIAS_PULL_UP)
CHECK_VALUE(BIAS_PULL_DOWN)
CHECK_VALUE(DRIVE_PUSH_PULL)
CHECK_VALUE(DRIVE_OPEN_DRAIN)
CHECK_VALUE(DRIVE_OPEN_SOURCE)
_Static_assert((int)EVENT_RISING_EDGE == (int)GPIOD_EDGE_EVENT_RISING_EDGE, "EVENT_RISING_EDGE has changed");
#endif

static struct { FUNCTIONS(MEMBER) } lib;

struct cgpiod_chip {
  struct gpiod_chip *chip;
  struct gpiod_chip_info *info;
};

struct cgpiod_line {
  struct gpiod_line_request *request;
  struct gpiod_edge_event_buffer *buffer;
  unsigned offset;
  /// The kernel numbers the edges of a line; the number of the last one that was read.
  unsigned long last;
  bool has_edges;
};

static const char *version_text(void) { return lib.gpiod_api_version(); }

static void chip_close(struct cgpiod_chip *chip) {
  if (chip->info) lib.gpiod_chip_info_free(chip->info);
  if (chip->chip) lib.gpiod_chip_close(chip->chip);
  free(chip);
}

static int chip_open(const char *path, struct cgpiod_chip **result) {
  struct cgpiod_chip *chip = calloc(1, sizeof *chip);
  if (!chip) return ENOMEM;
  chip->chip = lib.gpiod_chip_open(path);
  if (chip->chip) chip->info = lib.gpiod_chip_get_info(chip->chip);
  if (!chip->info) {
    int error = cgpiod_error();
    chip_close(chip);
    return error;
  }
  *result = chip;
  return 0;
}

static const char *chip_name(const struct cgpiod_chip *chip) {
  return lib.gpiod_chip_info_get_name(chip->info);
}

static const char *chip_label(const struct cgpiod_chip *chip) {
  return lib.gpiod_chip_info_get_label(chip->info);
}

static unsigned chip_line_count(const struct cgpiod_chip *chip) {
  return (unsigned)lib.gpiod_chip_info_get_num_lines(chip->info);
}

static int chip_line_info(struct cgpiod_chip *chip, unsigned offset, struct cgpiod_info *info) {
  struct gpiod_line_info *line = lib.gpiod_chip_get_line_info(chip->chip, offset);
  if (!line) return cgpiod_error();
  cgpiod_copy(info->name, lib.gpiod_line_info_get_name(line));
  cgpiod_copy(info->consumer, lib.gpiod_line_info_get_consumer(line));
  info->is_used = lib.gpiod_line_info_is_used(line);
  info->active_low = lib.gpiod_line_info_is_active_low(line);
  info->is_output = lib.gpiod_line_info_get_direction(line) == DIRECTION_OUTPUT;
  switch (lib.gpiod_line_info_get_drive(line)) {
  case DRIVE_OPEN_DRAIN: info->drive = CGPIOD_OPEN_DRAIN; break;
  case DRIVE_OPEN_SOURCE: info->drive = CGPIOD_OPEN_SOURCE; break;
  default: info->drive = CGPIOD_PUSH_PULL;
  }
  switch (lib.gpiod_line_info_get_bias(line)) {
  case BIAS_DISABLED: info->bias = CGPIOD_BIAS_DISABLED; break;
  case BIAS_PULL_UP: info->bias = CGPIOD_BIAS_PULL_UP; break;
  case BIAS_PULL_DOWN: info->bias = CGPIOD_BIAS_PULL_DOWN; break;
  default: info->bias = CGPIOD_BIAS_UNKNOWN;
  }
  lib.gpiod_line_info_free(line);
  return 0;
}

static bool fill(struct gpiod_line_settings *line, const struct cgpiod_settings *settings) {
  static const unsigned drives[] = {DRIVE_PUSH_PULL, DRIVE_OPEN_DRAIN, DRIVE_OPEN_SOURCE};
  static const unsigned biases[] = {BIAS_AS_IS, BIAS_DISABLED, BIAS_PULL_UP, BIAS_PULL_DOWN};
  static const unsigned edges[] = {EDGE_NONE, EDGE_RISING, EDGE_FALLING, EDGE_BOTH};
  lib.gpiod_line_settings_set_active_low(line, settings->active_low);
  if (lib.gpiod_line_settings_set_bias(line, biases[settings->bias]) != 0) return false;
  if (settings->is_output) {
    return lib.gpiod_line_settings_set_direction(line, DIRECTION_OUTPUT) == 0 &&
           lib.gpiod_line_settings_set_drive(line, drives[settings->drive]) == 0 &&
           lib.gpiod_line_settings_set_output_value(line, settings->value) == 0;
  }
  lib.gpiod_line_settings_set_debounce_period_us(line, settings->debounce);
  return lib.gpiod_line_settings_set_direction(line, DIRECTION_INPUT) == 0 &&
         lib.gpiod_line_settings_set_edge_detection(line, edges[settings->edges & 3]) == 0;
}

/// NULL, with errno set, when it cannot be made.
static struct gpiod_line_config *make_config(unsigned offset, const struct cgpiod_settings *settings) {
  struct gpiod_line_settings *line = lib.gpiod_line_settings_new();
  struct gpiod_line_config *config = lib.gpiod_line_config_new();
  bool is_made = line && config && fill(line, settings) &&
                 lib.gpiod_line_config_add_line_settings(config, &offset, 1, line) == 0;
  if (line) lib.gpiod_line_settings_free(line);
  if (is_made) return config;
  if (config) lib.gpiod_line_config_free(config);
  return NULL;
}

static void line_release(struct cgpiod_line *line) {
  if (line->request) lib.gpiod_line_request_release(line->request);
  if (line->buffer) lib.gpiod_edge_event_buffer_free(line->buffer);
  free(line);
}

static int line_request(struct cgpiod_chip *chip, unsigned offset, const struct cgpiod_settings *settings,
                        const char *consumer, struct cgpiod_line **result) {
  errno = 0;
  struct cgpiod_line *line = calloc(1, sizeof *line);
  if (!line) return ENOMEM;
  line->offset = offset;
  line->has_edges = settings->edges != 0;
  line->buffer = lib.gpiod_edge_event_buffer_new(1);
  struct gpiod_line_config *config = make_config(offset, settings);
  struct gpiod_request_config *request = lib.gpiod_request_config_new();
  if (line->buffer && config && request) {
    lib.gpiod_request_config_set_consumer(request, consumer);
    line->request = lib.gpiod_chip_request_lines(chip->chip, request, config);
  }
  int error = line->request ? 0 : cgpiod_error();
  if (config) lib.gpiod_line_config_free(config);
  if (request) lib.gpiod_request_config_free(request);
  if (error) {
    line_release(line);
    return error;
  }
  int descriptor = lib.gpiod_line_request_get_fd(line->request);
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  *result = line;
  return 0;
}

static int line_reconfigure(struct cgpiod_line *line, const struct cgpiod_settings *settings) {
  errno = 0;
  struct gpiod_line_config *config = make_config(line->offset, settings);
  if (!config) return cgpiod_error();
  int error = lib.gpiod_line_request_reconfigure_lines(line->request, config) == 0 ? 0 : cgpiod_error();
  lib.gpiod_line_config_free(config);
  if (!error) line->has_edges = settings->edges != 0;
  return error;
}

static int line_get(struct cgpiod_line *line, bool *value) {
  int got = lib.gpiod_line_request_get_value(line->request, line->offset);
  if (got < 0) return cgpiod_error();
  *value = got == 1;
  return 0;
}

static int line_set(struct cgpiod_line *line, bool value) {
  return lib.gpiod_line_request_set_value(line->request, line->offset, value) == 0 ? 0 : cgpiod_error();
}

static int line_descriptor(struct cgpiod_line *line) {
  return line->has_edges ? lib.gpiod_line_request_get_fd(line->request) : -1;
}

static int line_read_edge(struct cgpiod_line *line, struct cgpiod_edge *edge) {
  int count = lib.gpiod_line_request_read_edge_events(line->request, line->buffer, 1);
  if (count < 0) return cgpiod_error();
  if (count == 0) return EAGAIN;
  struct gpiod_edge_event *event = lib.gpiod_edge_event_buffer_get_event(line->buffer, 0);
  unsigned long number = lib.gpiod_edge_event_get_line_seqno(event);
  edge->time = (int64_t)lib.gpiod_edge_event_get_timestamp_ns(event);
  edge->is_rising = lib.gpiod_edge_event_get_event_type(event) == EVENT_RISING_EDGE;
  edge->lost = number > line->last + 1 ? number - line->last - 1 : 0;
  edge->was_full = false;
  line->last = number;
  return 0;
}

const struct cgpiod_library *cgpiod_open_2(void) {
  static const struct cgpiod_library library = CGPIOD_LIBRARY(2);
  void *handle = dlopen("libgpiod.so.3", RTLD_NOW | RTLD_LOCAL);
  if (!handle) return NULL;
  FUNCTIONS(LOAD)
  return &library;
}
