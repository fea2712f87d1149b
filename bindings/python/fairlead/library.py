# Fairlead: finding the C library, and calling it
# SPDX-License-Identifier: Apache-2.0
"""Where libfairlead is looked for, the first that is given or found:

1. the argument of `Library(…)`: a file, or a directory that holds one;
2. the environment variable FAIRLEAD_LIBRARY, likewise;
3. beside each `fairlead.pc` of PKG_CONFIG_PATH (the directory above the one that is named there);
4. /usr/local/lib, /usr/lib and their directories for this machine;
5. whatever the dynamic linker finds by the name libfairlead.so.1.
"""

import ctypes
import os
import sys
import threading
from pathlib import Path

from .constants import ABI_VERSION, Features, Resource, Status
from .errors import LibraryMismatchError, LibraryNotFoundError, error_of
from .functions import CONTROL, DECISIONS
from .text import encoded, lend

ENVIRONMENT_VARIABLE = "FAIRLEAD_LIBRARY"
FILES = (f"libfairlead.so.{ABI_VERSION}", "libfairlead.so")


def candidates(path: str | os.PathLike | None = None) -> list[str]:
    """The files to try, in order. Those in directories are only named when they are there."""
    given = path if path is not None else os.environ.get(ENVIRONMENT_VARIABLE)
    if given:
        place = Path(given)
        return [str(place / name) for name in FILES] if place.is_dir() else [str(place)]
    found = [str(folder / name) for folder in default_folders() for name in FILES if (folder / name).exists()]
    return found + [FILES[0]]


def default_folders() -> list[Path]:
    """Where libraries are when nobody says so."""
    described = [entry for entry in os.environ.get("PKG_CONFIG_PATH", "").split(os.pathsep) if entry]
    folders = [Path(entry).parent for entry in described if (Path(entry) / "fairlead.pc").exists()]
    machine = getattr(sys.implementation, "_multiarch", "")
    for prefix in ("/usr/local/lib", "/usr/lib"):
        folders += [Path(prefix) / machine] * bool(machine) + [Path(prefix)]
    return folders


class Library:
    """A loaded libfairlead, with a method for each of its functions (`library.fl_version()`).

    Raises LibraryNotFoundError when there is none, and LibraryMismatchError when it has another binary interface.
    """

    def __init__(self, path: str | os.PathLike | None = None):
        self.path, control = _open(path)
        _check_interface(self.path, control)
        # The same library once more, called without giving Python's lock away.
        decisions = ctypes.PyDLL(self.path)
        for functions, loaded in ((CONTROL, control), (DECISIONS, decisions)):
            for name, signature in functions.items():
                setattr(self, name, self._bind(loaded, name, signature))

    def _bind(self, loaded: ctypes.CDLL, name: str, signature):
        try:
            function = getattr(loaded, name)
        except AttributeError:
            # An older library of the same interface: everything else works.
            return self._lacking(name)
        function.restype, function.argtypes = signature
        return function

    def _lacking(self, name: str):
        def lacking(*_):
            raise LibraryMismatchError(f"{self.path} (version {self.version_text}) is too old: it has no {name}")

        return lacking

    def check(self, status: int, what: str) -> None:
        """Raises the exception for `status` unless it is a success; `what` says what was tried."""
        if status < 0:
            raise error_of(status, self.fl_status_text(status).decode(), what)

    @property
    def version(self) -> int:
        """The library's version as one number: major * 1000000 + minor * 1000 + patch."""
        return self.fl_version()

    @property
    def version_text(self) -> str:
        """The library's version: "0.1.0"."""
        return self.fl_version_text().decode()

    @property
    def features(self) -> Features:
        """What the library can do."""
        return Features(self.fl_supported_features())

    def resource_of_type_url(self, type_url: str) -> Resource:
        """The type of resource that a URL names, with or without what stands before its last slash.

        Raises StatusError (UNKNOWN_RESOURCE_TYPE) when there is none.
        """
        raw = encoded(type_url, "type_url")
        resource = ctypes.c_uint32()
        self.check(self.fl_resource_of_type_url(lend(raw), ctypes.byref(resource)), f"resource type {type_url!r}")
        return Resource(resource.value)

    def status_text(self, status: int) -> str:
        """A few words on a status, for logs."""
        return self.fl_status_text(Status(status)).decode()


def _open(path: str | os.PathLike | None) -> tuple[str, ctypes.CDLL]:
    failures = []
    for file in candidates(path):
        try:
            return file, ctypes.CDLL(file)
        except OSError as error:
            failures.append(f"{file}: {error}")
    raise LibraryNotFoundError(
        "no libfairlead: build it with scripts/build-c-library.sh, and give its place to Library(…) or in "
        f"{ENVIRONMENT_VARIABLE}; tried " + "; ".join(failures)
    )


def _check_interface(path: str, loaded: ctypes.CDLL) -> None:
    try:
        found = loaded.fl_abi_version()
    except AttributeError:
        raise LibraryMismatchError(f"{path} is no libfairlead: it has no fl_abi_version") from None
    if found != ABI_VERSION:
        raise LibraryMismatchError(
            f"{path} has version {found} of the binary interface, and this package is written for {ABI_VERSION}"
        )


_default: Library | None = None
_default_lock = threading.Lock()


def default_library() -> Library:
    """The library that engines use unless they are given another: found at the first call, then kept."""
    global _default
    with _default_lock:
        if _default is None:
            _default = Library()
        return _default
