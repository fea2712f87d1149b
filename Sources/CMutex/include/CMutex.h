// Fairlead: a pthread mutex behind three functions
// SPDX-License-Identifier: Apache-2.0
//
// The engine serialises its control side with it, because the mutex of
// Swift's Synchronization module is not part of Embedded Swift. No worker ever takes it.
#ifndef FAIRLEAD_CMUTEX_H
#define FAIRLEAD_CMUTEX_H

struct fl_mutex;

/// Creates an unlocked mutex; NULL when memory ran out.
struct fl_mutex *fl_mutex_create(void);
void fl_mutex_lock(struct fl_mutex *mutex);
void fl_mutex_unlock(struct fl_mutex *mutex);
/// Destroys an unlocked mutex.
void fl_mutex_destroy(struct fl_mutex *mutex);

#endif
