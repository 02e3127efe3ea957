#pragma once
#include <hiredis/hiredis.h>
#include <sys/time.h>

// Made here, because every C library has its own idea of where this structure comes from.
static inline struct timeval vst_time(long long microseconds) {
    struct timeval time = {microseconds / 1000000, microseconds % 1000000};
    return time;
}
