// Preloaded by tools/test-threads. Swift's Mutex takes a free lock in code that is compiled with its user, which ThreadSanitizer sees; one
// that another thread holds it takes in its own library, which was compiled without: it would not know that the two threads are
// ordered. These go before that library's functions and tell it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define LOCK __attribute__((swift_context)) void *lock

// ThreadSanitizer's; absent where a process runs without it.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

// _MutexHandle._lockSlow(UInt32), _tryLockSlow() and _unlockSlow().
#define LOCKING "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRYING "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCKING "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slowly(uint32_t thread, LOCK) __asm__(LOCKING);
SWIFT bool try_slowly(LOCK) __asm__(TRYING);
SWIFT void unlock_slowly(LOCK) __asm__(UNLOCKING);

SWIFT void lock_slowly(uint32_t thread, LOCK) {
  SWIFT void (*library)(uint32_t, LOCK) = dlsym(RTLD_NEXT, LOCKING);
  library(thread, lock);
  if (__tsan_acquire) __tsan_acquire(lock);
}

SWIFT bool try_slowly(LOCK) {
  SWIFT bool (*library)(LOCK) = dlsym(RTLD_NEXT, TRYING);
  bool is_taken = library(lock);
  if (is_taken && __tsan_acquire) __tsan_acquire(lock);
  return is_taken;
}

SWIFT void unlock_slowly(LOCK) {
  SWIFT void (*library)(LOCK) = dlsym(RTLD_NEXT, UNLOCKING);
  if (__tsan_release) __tsan_release(lock);
  library(lock);
}
