// Lines of GPIO chips through libgpiod, 1.6 and 2.x behind one interface.
//
// The library is opened when it is first asked for, not linked: one program works with either version, and runs without
// any as long as nobody asks for a line (docs/architecture.md). Calls that can fail return 0 or an errno value. A chip and a
// line may each be used by one thread at a time.
#ifndef CGPIOD_H
#define CGPIOD_H

#include <stdbool.h>
#include <stdint.h>

enum cgpiod_drive { CGPIOD_PUSH_PULL, CGPIOD_OPEN_DRAIN, CGPIOD_OPEN_SOURCE };
enum cgpiod_bias { CGPIOD_BIAS_UNKNOWN, CGPIOD_BIAS_DISABLED, CGPIOD_BIAS_PULL_UP, CGPIOD_BIAS_PULL_DOWN };
enum { CGPIOD_RISING = 1, CGPIOD_FALLING = 2 };

/// How a line is requested. Values are logical: `active_low` turns them round.
struct cgpiod_settings {
  bool is_output;
  bool value;
  enum cgpiod_drive drive;
  enum cgpiod_bias bias;
  bool active_low;
  /// CGPIOD_RISING, CGPIOD_FALLING, both or 0; inputs only.
  int edges;
  /// Microseconds, 0 for none; inputs only. libgpiod 1.6 has none.
  uint32_t debounce;
};

/// What the kernel tells about a line, whoever has it.
struct cgpiod_info {
  char name[64];
  /// Who holds it, empty when the kernel does not say.
  char consumer[64];
  bool is_used;
  bool is_output;
  bool active_low;
  enum cgpiod_drive drive;
  enum cgpiod_bias bias;
};

struct cgpiod_edge {
  /// Nanoseconds of CLOCK_MONOTONIC when the kernel saw it.
  int64_t time;
  bool is_rising;
  /// How many edges before this one the kernel's queue had no room for; with libgpiod 1.6 at least that many.
  uint64_t lost;
  /// libgpiod 1.6: the queue was full when this edge was read, and nobody counts what came meanwhile.
  bool was_full;
};

/// Each version of the library has its own.
struct cgpiod_chip;
struct cgpiod_line;

/// 0 when no library is installed, else its first number: 1 or 2.
int cgpiod_version(void);
/// The library's own version, as in "2.1.3"; empty without one.
const char *cgpiod_version_text(void);

int cgpiod_chip_open(const char *path, struct cgpiod_chip **chip);
void cgpiod_chip_close(struct cgpiod_chip *chip);
/// As in gpiochip0. Valid until the chip is closed, as the label.
const char *cgpiod_chip_name(const struct cgpiod_chip *chip);
const char *cgpiod_chip_label(const struct cgpiod_chip *chip);
unsigned cgpiod_chip_line_count(const struct cgpiod_chip *chip);
int cgpiod_chip_line_info(struct cgpiod_chip *chip, unsigned offset, struct cgpiod_info *info);

/// The chip must stay open as long as the line.
int cgpiod_line_request(struct cgpiod_chip *chip, unsigned offset, const struct cgpiod_settings *settings,
                        const char *consumer, struct cgpiod_line **line);
/// Changes everything at once where the library can; else gives the line back and requests it anew. After a failure the
/// line may be lost: release it.
int cgpiod_line_reconfigure(struct cgpiod_line *line, const struct cgpiod_settings *settings);
int cgpiod_line_get(struct cgpiod_line *line, bool *value);
int cgpiod_line_set(struct cgpiod_line *line, bool value);
/// Readable while edges wait; changes with cgpiod_line_reconfigure. -1 without edges.
int cgpiod_line_descriptor(struct cgpiod_line *line);
/// The next edge, EAGAIN when there is none.
int cgpiod_line_read_edge(struct cgpiod_line *line, struct cgpiod_edge *edge);
/// Gives the line back and frees it.
void cgpiod_line_release(struct cgpiod_line *line);

// Waiting for edges of many lines at once: Linux's epoll, which Swift does not see.

/// A descriptor to close, -1 without one.
int cgpiod_watch_open(void);
/// Reports `descriptor` once, as `id`, when it can be read.
void cgpiod_watch_once(int watch, int descriptor, uint64_t id);
/// Waits for at most `milliseconds`.
/// Returns how many ids were stored, 0 out of time; `has_failed` says whether a descriptor lost what is behind it.
int cgpiod_watch_wait(int watch, uint64_t *ids, int capacity, bool *has_failed, int milliseconds);

// Serial ports with any baud rate, for which Linux has calls of its own that Swift does not see. Functions return 0 or an errno.

enum cgpiod_parity { cgpiod_no_parity, cgpiod_even_parity, cgpiod_odd_parity };

struct cgpiod_serial_settings {
  /// Bits per second.
  unsigned baud_rate;
  /// Of data, 5 to 8.
  unsigned bits;
  enum cgpiod_parity parity;
  bool two_stop_bits;
  /// RTS and CTS.
  bool flow_control;
};

/// Sets an open port up for bytes as they are, and drops what it had received.
int cgpiod_serial_configure(int descriptor, const struct cgpiod_serial_settings *settings);
/// Lets nobody else open it, as long as it is open.
int cgpiod_serial_claim(int descriptor);
void cgpiod_serial_unclaim(int descriptor);
/// Bytes that were written and have not been sent yet.
int cgpiod_serial_unsent(int descriptor);
/// Holds the line low for a quarter of a second.
int cgpiod_serial_break(int descriptor);

// I2C buses.

struct cgpiod_i2c_message {
  uint8_t address;
  bool is_read;
  uint16_t count;
  uint8_t *bytes;
};

/// The most messages that one transfer may have.
enum { cgpiod_i2c_limit = 42 };

/// Does a transfer of several messages, each after a start condition of its own.
int cgpiod_i2c_transfer(int descriptor, const struct cgpiod_i2c_message *messages, int count);

// SPI buses.

struct cgpiod_spi_settings {
  /// Bits per second.
  unsigned baud_rate;
  /// The clock's level between transfers, and whether bits are read at its second edge.
  bool idles_high;
  bool reads_at_second_edge;
  bool lowest_bit_first;
};

/// Sets a bus up for words of eight bits; where the driver can, it selects nobody in a transfer.
int cgpiod_spi_configure(int descriptor, const struct cgpiod_spi_settings *settings);
/// Sends bytes and reads as many, in place; at most as many as `cgpiod_spi_longest`.
int cgpiod_spi_transfer(int descriptor, uint8_t *bytes, unsigned count);
/// The kernel's buffer, unless the module was told otherwise.
enum { cgpiod_spi_longest = 4096 };

#endif
