#include "CGPIOD.h"

#include <sys/epoll.h>

int cgpiod_watch_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

void cgpiod_watch_once(int watch, int descriptor, uint64_t id) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.u64 = id};
  // Known unless it is new, or its number was used for another line.
  if (epoll_ctl(watch, EPOLL_CTL_MOD, descriptor, &event) != 0) epoll_ctl(watch, EPOLL_CTL_ADD, descriptor, &event);
}

int cgpiod_watch_wait(int watch, uint64_t *ids, int capacity, bool *has_failed, int milliseconds) {
  struct epoll_event events[16];
  int count = epoll_wait(watch, events, capacity < 16 ? capacity : 16, milliseconds);
  *has_failed = false;
  for (int i = 0; i < count; i++) {
    ids[i] = events[i].data.u64;
    if (events[i].events & (EPOLLERR | EPOLLHUP)) *has_failed = true;
  }
  return count < 0 ? 0 : count;
}
