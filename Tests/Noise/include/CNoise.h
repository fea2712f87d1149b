// Fairlead: counts what a decision must not do
// SPDX-License-Identifier: Apache-2.0
//
// Linked into the program that checks the Silence law: stands in for the allocator and the mutex of libc, hooks into
// the reference counting of the Swift runtime, and can run a function where the kernel kills at any system call.
#ifndef FAIRLEAD_CNOISE_H
#define FAIRLEAD_CNOISE_H

#include <stdint.h>

struct fl_noise {
    uint64_t allocations;
    uint64_t frees;
    uint64_t locks;
    uint64_t retains;
    uint64_t releases;
};

/// Begins to count what this thread does. Keep what happens until `fl_noise_heard` small: the runtime's hooks do not
/// expect every kind of object.
void fl_noise_listen(void);

/// What this thread has done since `fl_noise_listen`; ends the counting.
struct fl_noise fl_noise_heard(void);

/// Runs `body` in a child process under strict seccomp; 0 when it came through, 1 when the kernel killed it.
int fl_noise_run_without_system_calls(void (*body)(void *), void *context);

/// Makes a system call in such a child process; 1 when the kernel killed it, as it should.
int fl_noise_killed_by_system_call(void);

#endif
