// The thread sanitizer sees Swift's Mutex, whose quick way is compiled into whoever locks it, but for the slow way, which
// lies in a library of the toolchain: a lock that had to be waited for would be none. These functions stand before the
// library's own and say what they do.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define MUTEX __attribute__((swift_context)) void *mutex
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lockSlow(uint32_t thread, MUTEX) __asm__(LOCK);
SWIFT bool tryLockSlow(MUTEX) __asm__(TRY_LOCK);
SWIFT void unlockSlow(MUTEX) __asm__(UNLOCK);

SWIFT void lockSlow(uint32_t thread, MUTEX) {
    SWIFT void (*library)(uint32_t, MUTEX) = dlsym(RTLD_NEXT, LOCK);
    library(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFT bool tryLockSlow(MUTEX) {
    SWIFT bool (*library)(MUTEX) = dlsym(RTLD_NEXT, TRY_LOCK);
    bool isLocked = library(mutex);
    if (isLocked) __tsan_acquire(mutex);
    return isLocked;
}

SWIFT void unlockSlow(MUTEX) {
    SWIFT void (*library)(MUTEX) = dlsym(RTLD_NEXT, UNLOCK);
    __tsan_release(mutex);
    library(mutex);
}
