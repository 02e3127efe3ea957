// What Glibc's own module leaves out: flags whose C types Swift can't combine, and GNU-only functions.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// EPOLLEXCLUSIVE and EPOLLET overflow the imported enum's raw type.
static inline int vst_epoll_add(int epoll, int fd, uint32_t events, uint64_t data) {
    struct epoll_event event = {.events = events, .data = {.u64 = data}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}
static inline int vst_epoll_modify(int epoll, int fd, uint32_t events, uint64_t data) {
    struct epoll_event event = {.events = events, .data = {.u64 = data}};
    return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}
static inline int vst_epoll_delete(int epoll, int fd) { return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, 0); }
static inline uint32_t vst_event_flags(const struct epoll_event *event) { return event->events; }
static inline uint64_t vst_event_data(const struct epoll_event *event) { return event->data.u64; }
static inline int vst_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }
static inline int vst_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
// Declared here because _GNU_SOURCE would make these headers differ from those of Glibc's module.
extern int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);
static inline int vst_accept(int listener, struct sockaddr *address, socklen_t *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
static inline int vst_socket_stream(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}
// Has the kernel drop the first segment of every new connection, and no other: what is under way is still completed.
#include <linux/filter.h>
static inline int vst_drop_connects(int listener) {
    // A socket's filter sees TCP segments from their own header on; byte 13 holds the flags, 2 is SYN.
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    };
    struct sock_fprog program = {.len = 4, .filter = code};
    return setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
static inline int64_t vst_monotonic_nanoseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
static inline int64_t vst_realtime_microseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
// explicit_bzero is not visible through Glibc's module.
#include <string.h>
static inline void vst_wipe(void *bytes, size_t count) { explicit_bzero(bytes, count); }
// The place of the first control byte but a tab (and of DEL) at or after `from`; the count if there is none. In C because
// Swift's comparisons of vectors are compiled to loops over their elements.
static inline size_t vst_first_control(const unsigned char *bytes, size_t from, size_t count) {
    typedef unsigned char block_of_32 __attribute__((vector_size(32)));
    block_of_32 block;
    uint64_t hits[4];
    for (; from < count && count - from >= sizeof block; from += sizeof block) {
        __builtin_memcpy(&block, bytes + from, sizeof block);
        block = (block_of_32)(((block < 32) & (block != 9)) | (block == 127));
        __builtin_memcpy(hits, &block, sizeof hits);
        if ((hits[0] | hits[1] | hits[2] | hits[3]) == 0) continue;
        int word = hits[0] ? 0 : hits[1] ? 1 : hits[2] ? 2 : 3;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        return from + 8 * word + __builtin_ctzll(hits[word]) / 8;
#else
        return from + 8 * word + __builtin_clzll(hits[word]) / 8;
#endif
    }
    for (; from < count; from++) {
        if ((bytes[from] < 32 && bytes[from] != 9) || bytes[from] == 127) return from;
    }
    return count;
}
static inline uint32_t vst_epoll_in(void) { return EPOLLIN; }
static inline uint32_t vst_epoll_out(void) { return EPOLLOUT; }
static inline uint32_t vst_epoll_closed(void) { return EPOLLRDHUP | EPOLLHUP | EPOLLERR; }
static inline uint32_t vst_epoll_peer_closed(void) { return EPOLLRDHUP; }
static inline uint32_t vst_epoll_exclusive(void) { return EPOLLEXCLUSIVE; }
#include <pthread.h>
extern int pthread_setname_np(pthread_t thread, const char *name);
static inline int vst_name_thread(pthread_t thread, const char *name) { return pthread_setname_np(thread, name); }

// prctl is variadic. Neither a core file nor a debugger of the same user shows what this process holds.
static inline int vst_forbid_dumps(void) {
    const struct rlimit none = {0, 0};
    int limited = setrlimit(RLIMIT_CORE, &none);
    int hidden = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return limited == 0 && hidden == 0 ? 0 : -1;
}
