// libgpiod 1.6: libgpiod.so.2.
#include "Functions.h"
#include "Library.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>

#if __has_include(<gpiod.h>) && !defined(CGPIOD_WITHOUT_HEADER)
#include <gpiod.h>
#if defined(GPIOD_LINE_BULK_MAX_LINES)
#define HAS_HEADER 1
#endif
#endif

struct gpiod_chip;
struct gpiod_line;
#if !HAS_HEADER
struct gpiod_line_event {
  struct timespec ts;
  int event_type;
};
#endif

// What is used of the library: result, name, parameters.
#define FUNCTIONS(F) \
  F(const char *, gpiod_version_string, (void)) \
  F(struct gpiod_chip *, gpiod_chip_open, (const char *)) \
  F(void, gpiod_chip_close, (struct gpiod_chip *)) \
  F(const char *, gpiod_chip_name, (struct gpiod_chip *)) \
  F(const char *, gpiod_chip_label, (struct gpiod_chip *)) \
  F(unsigned, gpiod_chip_num_lines, (struct gpiod_chip *)) \
  F(struct gpiod_line *, gpiod_chip_get_line, (struct gpiod_chip *, unsigned)) \
  F(int, gpiod_line_update, (struct gpiod_line *)) \
  F(const char *, gpiod_line_name, (struct gpiod_line *)) \
  F(const char *, gpiod_line_consumer, (struct gpiod_line *)) \
  F(bool, gpiod_line_is_used, (struct gpiod_line *)) \
  F(int, gpiod_line_direction, (struct gpiod_line *)) \
  F(int, gpiod_line_active_state, (struct gpiod_line *)) \
  F(int, gpiod_line_bias, (struct gpiod_line *)) \
  F(bool, gpiod_line_is_open_drain, (struct gpiod_line *)) \
  F(bool, gpiod_line_is_open_source, (struct gpiod_line *)) \
  F(int, gpiod_line_request_input_flags, (struct gpiod_line *, const char *, int)) \
  F(int, gpiod_line_request_output_flags, (struct gpiod_line *, const char *, int, int)) \
  F(int, gpiod_line_request_rising_edge_events_flags, (struct gpiod_line *, const char *, int)) \
  F(int, gpiod_line_request_falling_edge_events_flags, (struct gpiod_line *, const char *, int)) \
  F(int, gpiod_line_request_both_edges_events_flags, (struct gpiod_line *, const char *, int)) \
  F(int, gpiod_line_set_config, (struct gpiod_line *, int, int, int)) \
  F(void, gpiod_line_release, (struct gpiod_line *)) \
  F(int, gpiod_line_get_value, (struct gpiod_line *)) \
  F(int, gpiod_line_set_value, (struct gpiod_line *, int)) \
  F(int, gpiod_line_event_get_fd, (struct gpiod_line *)) \
  F(int, gpiod_line_event_read_fd_multiple, (int, struct gpiod_line_event *, unsigned))

enum { REQUEST_DIRECTION_INPUT = 2, REQUEST_DIRECTION_OUTPUT = 3 };
enum {
  REQUEST_FLAG_OPEN_DRAIN = 1,
  REQUEST_FLAG_OPEN_SOURCE = 2,
  REQUEST_FLAG_ACTIVE_LOW = 4,
  REQUEST_FLAG_BIAS_DISABLE = 8,
  REQUEST_FLAG_BIAS_PULL_DOWN = 16,
  REQUEST_FLAG_BIAS_PULL_UP = 32
};
enum { DIRECTION_OUTPUT = 2, ACTIVE_STATE_LOW = 2, BIAS_DISABLE = 2, BIAS_PULL_UP = 3, BIAS_PULL_DOWN = 4 };
enum { EVENT_RISING_EDGE = 1 };

#if HAS_HEADER
FUNCTIONS(CHECK)
CHECK_VALUE(REQUEST_DIRECTION_INPUT)
CHECK_VALUE(REQUEST_DIRECTION_OUTPUT)
CHECK_VALUE(REQUEST_FLAG_OPEN_DRAIN)
CHECK_VALUE(REQUEST_FLAG_OPEN_SOURCE)
CHECK_VALUE(REQUEST_FLAG_ACTIVE_LOW)
CHECK_VALUE(REQUEST_FLAG_BIAS_DISABLE)
CHECK_VALUE(REQUEST_FLAG_BIAS_PULL_DOWN)
CHECK_VALUE(REQUEST_FLAG_BIAS_PULL_UP)
CHECK_VALUE(DIRECTION_OUTPUT)
CHECK_VALUE(ACTIVE_STATE_LOW)
CHECK_VALUE(BIAS_DISABLE)
CHECK_VALUE(BIAS_PULL_UP)
CHECK_VALUE(BIAS_PULL_DOWN)
CHECK_VALUE(EVENT_RISING_EDGE)
#endif

static struct { FUNCTIONS(MEMBER) } lib;

/// How many edges the kernel keeps for a line.
enum { QUEUE = 16 };

struct cgpiod_line {
  struct gpiod_line *line;
  char consumer[64];
  /// Edges that were read and not yet handed out: the kernel does not tell how full its queue is, so all are read at once.
  struct gpiod_line_event events[QUEUE];
  int count, next;
  int edges;
  bool is_held;
  /// The kind of the last edge, 0 before the first: with both kinds asked for, two of one kind show that one is missing.
  int last;
};

static const char *version_text(void) { return lib.gpiod_version_string(); }

// A struct cgpiod_chip is the library's struct gpiod_chip itself.
static int chip_open(const char *path, struct cgpiod_chip **result) {
  errno = 0;
  struct gpiod_chip *chip = lib.gpiod_chip_open(path);
  if (!chip) return cgpiod_error();
  *result = (struct cgpiod_chip *)chip;
  return 0;
}

static void chip_close(struct cgpiod_chip *chip) { lib.gpiod_chip_close((struct gpiod_chip *)chip); }

static const char *chip_name(const struct cgpiod_chip *chip) { return lib.gpiod_chip_name((struct gpiod_chip *)chip); }

static const char *chip_label(const struct cgpiod_chip *chip) { return lib.gpiod_chip_label((struct gpiod_chip *)chip); }

static unsigned chip_line_count(const struct cgpiod_chip *chip) {
  return lib.gpiod_chip_num_lines((struct gpiod_chip *)chip);
}

static int chip_line_info(struct cgpiod_chip *chip, unsigned offset, struct cgpiod_info *info) {
  errno = 0;
  struct gpiod_line *line = lib.gpiod_chip_get_line((struct gpiod_chip *)chip, offset);
  if (!line || lib.gpiod_line_update(line) != 0) return cgpiod_error();
  cgpiod_copy(info->name, lib.gpiod_line_name(line));
  cgpiod_copy(info->consumer, lib.gpiod_line_consumer(line));
  info->is_used = lib.gpiod_line_is_used(line);
  info->active_low = lib.gpiod_line_active_state(line) == ACTIVE_STATE_LOW;
  info->is_output = lib.gpiod_line_direction(line) == DIRECTION_OUTPUT;
  info->drive = lib.gpiod_line_is_open_drain(line)    ? CGPIOD_OPEN_DRAIN
                : lib.gpiod_line_is_open_source(line) ? CGPIOD_OPEN_SOURCE
                                                      : CGPIOD_PUSH_PULL;
  switch (lib.gpiod_line_bias(line)) {
  case BIAS_DISABLE: info->bias = CGPIOD_BIAS_DISABLED; break;
  case BIAS_PULL_UP: info->bias = CGPIOD_BIAS_PULL_UP; break;
  case BIAS_PULL_DOWN: info->bias = CGPIOD_BIAS_PULL_DOWN; break;
  default: info->bias = CGPIOD_BIAS_UNKNOWN;
  }
  return 0;
}

static int flags(const struct cgpiod_settings *settings) {
  static const int biases[] = {0, REQUEST_FLAG_BIAS_DISABLE, REQUEST_FLAG_BIAS_PULL_UP, REQUEST_FLAG_BIAS_PULL_DOWN};
  static const int drives[] = {0, REQUEST_FLAG_OPEN_DRAIN, REQUEST_FLAG_OPEN_SOURCE};
  int flags = biases[settings->bias];
  if (settings->active_low) flags |= REQUEST_FLAG_ACTIVE_LOW;
  if (settings->is_output) flags |= drives[settings->drive];
  return flags;
}

static int hold(struct cgpiod_line *line, const struct cgpiod_settings *settings) {
  int status;
  errno = 0;
  if (settings->is_output) {
    status = lib.gpiod_line_request_output_flags(line->line, line->consumer, flags(settings), settings->value);
  } else {
    switch (settings->edges) {
    case CGPIOD_RISING:
      status = lib.gpiod_line_request_rising_edge_events_flags(line->line, line->consumer, flags(settings));
      break;
    case CGPIOD_FALLING:
      status = lib.gpiod_line_request_falling_edge_events_flags(line->line, line->consumer, flags(settings));
      break;
    case CGPIOD_RISING | CGPIOD_FALLING:
      status = lib.gpiod_line_request_both_edges_events_flags(line->line, line->consumer, flags(settings));
      break;
    default: status = lib.gpiod_line_request_input_flags(line->line, line->consumer, flags(settings));
    }
  }
  if (status != 0) return cgpiod_error();
  line->is_held = true;
  line->edges = settings->is_output ? 0 : settings->edges;
  line->count = line->next = line->last = 0;
  if (line->edges) {
    int descriptor = lib.gpiod_line_event_get_fd(line->line);
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  }
  return 0;
}

static int line_request(struct cgpiod_chip *chip, unsigned offset, const struct cgpiod_settings *settings,
                        const char *consumer, struct cgpiod_line **result) {
  // The kernel's first interface has no debouncing.
  if (settings->debounce) return EOPNOTSUPP;
  struct cgpiod_line *line = calloc(1, sizeof *line);
  if (!line) return ENOMEM;
  cgpiod_copy(line->consumer, consumer);
  errno = 0;
  line->line = lib.gpiod_chip_get_line((struct gpiod_chip *)chip, offset);
  int error = line->line ? hold(line, settings) : cgpiod_error();
  if (error) {
    free(line);
    return error;
  }
  *result = line;
  return 0;
}

static int line_reconfigure(struct cgpiod_line *line, const struct cgpiod_settings *settings) {
  if (settings->debounce) return EOPNOTSUPP;
  int edges = settings->is_output ? 0 : settings->edges;
  if (line->is_held && !line->edges && !edges) {
    errno = 0;
    int direction = settings->is_output ? REQUEST_DIRECTION_OUTPUT : REQUEST_DIRECTION_INPUT;
    return lib.gpiod_line_set_config(line->line, direction, flags(settings), settings->value) == 0 ? 0 : cgpiod_error();
  }
  // A line that reports edges is another kind of request.
  if (line->is_held) lib.gpiod_line_release(line->line);
  line->is_held = false;
  line->edges = 0;
  return hold(line, settings);
}

static int line_get(struct cgpiod_line *line, bool *value) {
  errno = 0;
  int got = lib.gpiod_line_get_value(line->line);
  if (got < 0) return cgpiod_error();
  *value = got == 1;
  return 0;
}

static int line_set(struct cgpiod_line *line, bool value) {
  return lib.gpiod_line_set_value(line->line, value) == 0 ? 0 : cgpiod_error();
}

static int line_descriptor(struct cgpiod_line *line) {
  return line->edges ? lib.gpiod_line_event_get_fd(line->line) : -1;
}

static int line_read_edge(struct cgpiod_line *line, struct cgpiod_edge *edge) {
  if (!line->edges) return EAGAIN;
  edge->was_full = false;
  if (line->next == line->count) {
    errno = 0;
    int count = lib.gpiod_line_event_read_fd_multiple(lib.gpiod_line_event_get_fd(line->line), line->events, QUEUE);
    if (count < 0) return cgpiod_error();
    if (count == 0) return EAGAIN;
    line->next = 0;
    line->count = count;
    // The kernel throws away what comes while its queue is full.
    edge->was_full = count == QUEUE;
  }
  struct gpiod_line_event *event = &line->events[line->next++];
  edge->time = (int64_t)event->ts.tv_sec * 1000000000 + event->ts.tv_nsec;
  edge->is_rising = event->event_type == EVENT_RISING_EDGE;
  bool sees_both = line->edges == (CGPIOD_RISING | CGPIOD_FALLING);
  edge->lost = sees_both && event->event_type == line->last ? 1 : 0;
  line->last = event->event_type;
  return 0;
}

static void line_release(struct cgpiod_line *line) {
  if (line->is_held) lib.gpiod_line_release(line->line);
  free(line);
}

const struct cgpiod_library *cgpiod_open_1(void) {
  static const struct cgpiod_library library = CGPIOD_LIBRARY(1);
  void *handle = dlopen("libgpiod.so.2", RTLD_NOW | RTLD_LOCAL);
  if (!handle) return NULL;
  FUNCTIONS(LOAD)
  return &library;
}
