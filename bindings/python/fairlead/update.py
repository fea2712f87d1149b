# Fairlead: one atomic change of the configuration
# SPDX-License-Identifier: Apache-2.0

import ctypes
import json
import os
from collections.abc import Mapping

from . import structs
from .constants import DocumentFlags, Format, Resource, Status
from .library import Library
from .text import encoded, lend, unsigned

Content = str | bytes | Mapping


class Document:
    """A message of Envoy's v3 schema: `content` is YAML, JSON or protobuf, or a mapping, which counts as JSON.

    `file` is a name for error messages; nothing is read from there. With `strict`, fields that the schema does not know
    are errors, and not warnings.
    """

    def __init__(
        self,
        content: Content,
        format: Format = Format.AUTO,
        file: str | os.PathLike | None = None,
        strict: bool = False,
    ):
        if isinstance(content, Mapping):
            content, format = json.dumps(content), Format.JSON
        self._content = encoded(content, "content")
        self._file = None if file is None else os.fsencode(file)
        self.struct = structs.Document(
            format=Format(format),
            flags=DocumentFlags.STRICT if strict else 0,
            content=lend(self._content),
            file=lend(self._file),
        )


class Update:
    """Changes that an engine takes as one step, or not at all. They act in the order in which they were added.

    A value: it can be applied more than once, and to several engines. Every method answers the update itself:

        update = Update().add(Resource.CLUSTER, cluster).add(Resource.ROUTE_CONFIGURATION, routes)
        engine.apply(update.remove(Resource.CLUSTER, "old"))
    """

    def __init__(self):
        self._changes = []

    def add(
        self,
        resource: Resource | str,
        content: Content,
        *,
        format: Format = Format.AUTO,
        file: str | os.PathLike | None = None,
        strict: bool = False,
    ) -> "Update":
        """Adds or replaces one resource of a type (or of a type URL); see `Document` for the rest.

        What is wrong with the content is told by `Engine.check` and `Engine.apply`, together with everything else.
        """
        self._changes.append((_add, resource, Document(content, format, file, strict)))
        return self

    def remove(self, resource: Resource | str, name: str) -> "Update":
        """Removes the resource called `name`; it is no error if there is none."""
        self._changes.append((_remove, resource, encoded(name, "name")))
        return self

    def remove_everything(self) -> "Update":
        """Removes all that there is, so that what is added after it describes the whole configuration."""
        self._changes.append((_remove_everything, None, None))
        return self

    def __len__(self) -> int:
        return len(self._changes)

    def write(self, library: Library, pointer: ctypes.c_void_p) -> None:
        """Adds the changes to the library's own update at `pointer`; raises StatusError when one cannot even be read as
        a change, such as an unknown type of resource."""
        for act, resource, value in self._changes:
            if isinstance(resource, str):
                resource = library.resource_of_type_url(resource)
            elif resource is not None:
                resource = unsigned(resource, 32, "resource")
            act(library, pointer, resource, value)


def _add(library: Library, pointer: ctypes.c_void_p, resource: Resource, document: Document) -> None:
    status = library.fl_update_add(pointer, resource, ctypes.byref(document.struct))
    # A document with errors is noted in the update, which is refused as a whole later, with all that is wrong.
    if status != Status.CONFIGURATION:
        library.check(status, "adding to an update")


def _remove(library: Library, pointer: ctypes.c_void_p, resource: Resource, name: bytes) -> None:
    library.check(library.fl_update_remove(pointer, resource, lend(name)), "removing in an update")


def _remove_everything(library: Library, pointer: ctypes.c_void_p, resource: None, value: None) -> None:
    library.check(library.fl_update_remove_everything(pointer), "removing everything in an update")
