# Fairlead: owning what the library made
# SPDX-License-Identifier: Apache-2.0

import contextlib
import ctypes
import threading
from collections.abc import Callable, Iterator

from .constants import Status
from .errors import NotOpenError


class Handle:
    """A pointer that several threads use, and that is freed once: after `close`, when the last use has ended.

    The functions that get it run without Python's lock, so a close in one thread may not pull it from under a call in
    another.
    """

    def __init__(self, pointer: ctypes.c_void_p, destroy: Callable, noun: str):
        self._pointer = pointer
        self._destroy = destroy
        self._noun = noun
        self._uses = 0
        self._closed = False
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def use(self) -> Iterator[ctypes.c_void_p]:
        """The pointer, for the length of a `with`. Raises NotOpenError when it was closed."""
        with self._lock:
            if self._closed:
                raise NotOpenError(Status.INVALID_ARGUMENT, f"the {self._noun} is closed")
            self._uses += 1
        try:
            yield self._pointer
        finally:
            with self._lock:
                self._uses -= 1
                frees = self._closed and self._uses == 0
            if frees:
                self._destroy(self._pointer)

    def close(self) -> None:
        """Frees it as soon as nobody uses it any more; a second call does nothing."""
        with self._lock:
            frees = not self._closed and self._uses == 0
            self._closed = True
        if frees:
            self._destroy(self._pointer)

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def __del__(self):
        self.close()
