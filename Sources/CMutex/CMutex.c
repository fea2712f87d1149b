// Fairlead: a pthread mutex behind three functions
// SPDX-License-Identifier: Apache-2.0

#include "CMutex.h"

#include <pthread.h>
#include <stdlib.h>

struct fl_mutex {
    pthread_mutex_t native;
};

struct fl_mutex *fl_mutex_create(void) {
    struct fl_mutex *mutex = malloc(sizeof(*mutex));
    if (mutex != NULL && pthread_mutex_init(&mutex->native, NULL) != 0) {
        free(mutex);
        return NULL;
    }
    return mutex;
}

void fl_mutex_lock(struct fl_mutex *mutex) {
    pthread_mutex_lock(&mutex->native);
}

void fl_mutex_unlock(struct fl_mutex *mutex) {
    pthread_mutex_unlock(&mutex->native);
}

void fl_mutex_destroy(struct fl_mutex *mutex) {
    pthread_mutex_destroy(&mutex->native);
    free(mutex);
}
