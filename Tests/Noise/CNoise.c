// Fairlead: counts what a decision must not do
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CNoise.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static __thread struct fl_noise noise;

// The allocator: these definitions take the place of libc's in the whole process, and pass on to its inner names.

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *malloc(size_t size) {
    noise.allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    noise.allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    noise.allocations++;
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    noise.allocations++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    noise.allocations++;
    *out = __libc_memalign(alignment, size);
    return *out == NULL ? ENOMEM : 0;
}

void free(void *block) {
    noise.frees++;
    __libc_free(block);
}

int pthread_mutex_lock(pthread_mutex_t *mutex) {
    static int (*next)(pthread_mutex_t *);
    if (next == NULL) next = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_lock");
    noise.locks++;
    return next(mutex);
}

// Reference counting: the Swift runtime calls through these variables once it is told that they may have changed.

extern void *(*_swift_retain)(void *);
extern void (*_swift_release)(void *);
extern bool _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly;

static void *(*plain_retain)(void *);
static void (*plain_release)(void *);

static void *counted_retain(void *object) {
    noise.retains++;
    return plain_retain(object);
}

static void counted_release(void *object) {
    noise.releases++;
    plain_release(object);
}

void fl_noise_listen(void) {
    if (plain_retain == NULL) {
        plain_retain = _swift_retain;
        plain_release = _swift_release;
    }
    _swift_retain = counted_retain;
    _swift_release = counted_release;
    _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly = true;
    noise = (struct fl_noise){0};
}

struct fl_noise fl_noise_heard(void) {
    struct fl_noise heard = noise;
    _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly = false;
    _swift_retain = plain_retain;
    _swift_release = plain_release;
    return heard;
}

static int status_of(pid_t child) {
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0) return -1;
    if (WIFSIGNALED(status)) return 1;
    return WEXITSTATUS(status);
}

int fl_noise_run_without_system_calls(void (*body)(void *), void *context) {
    pid_t child = fork();
    if (child == 0) {
        // Strict mode leaves read, write, exit and sigreturn. The wrapper of exit would call another one.
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(2);
        body(context);
        syscall(SYS_exit, 0);
    }
    return status_of(child);
}

int fl_noise_killed_by_system_call(void) {
    pid_t child = fork();
    if (child == 0) {
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(2);
        syscall(SYS_getppid);
        syscall(SYS_exit, 0);
    }
    return status_of(child);
}
