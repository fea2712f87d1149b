# Fairlead: holds what the Python binding repeats of the C headers against them
# SPDX-License-Identifier: Apache-2.0

import ctypes
import dataclasses
import inspect
import unittest

import fairlead
from fairlead import constants, functions, structs, update

from . import headers
from .fixtures import ROOT

PACKAGE = ROOT / "bindings" / "python" / "fairlead"
DECLARED = functions.CONTROL | functions.DECISIONS
# Handles, and what the binding never passes: facts are left out.
OPAQUE = ("fl_engine", "fl_update", "fl_worker", "fl_error_list", "fl_exchange_facts")
NUMBERS = {
    "int32_t": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
    "size_t": ctypes.c_size_t,
    "uintptr_t": ctypes.c_size_t,
}


def not_offered() -> dict[str, str]:
    """What this binding leaves out on purpose, with the reason."""
    lines = (ROOT / "bindings" / "not-offered.txt").read_text().splitlines()
    entries = [line.split(None, 2) for line in lines if not line.startswith("#")]
    return {name: reason for binding, name, reason in entries if binding == "python"}


def kind_of(text: str):
    """What ctypes has for a type of C."""
    text = text.removesuffix("*").rstrip() + " *" if text.endswith("*") and not text.endswith("**") else text
    if text == "void":
        return None
    if text == "char *":
        return ctypes.c_char_p
    if text.endswith(" **"):
        return ctypes.POINTER(ctypes.c_void_p)
    if text.endswith(" *"):
        pointed = text.removesuffix(" *")
        return ctypes.c_void_p if pointed in OPAQUE else ctypes.POINTER(kind_of(pointed))
    return structs.STRUCTS.get(text) or NUMBERS[headers.integers().get(text, text)]


class Contract(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.measured = headers.measured()

    def test_every_exported_function_is_declared_or_listed_as_not_offered(self):
        for name in (ROOT / "scripts" / "exported-symbols.txt").read_text().split():
            with self.subTest(name):
                self.assertTrue(
                    (name in DECLARED) != (name in not_offered()),
                    f"{name}: declare it in bindings/python/fairlead/functions.py and offer it, or list it in "
                    "bindings/not-offered.txt with a reason (one of the two)",
                )

    def test_nothing_is_declared_or_listed_that_there_is_not(self):
        exported = set((ROOT / "scripts" / "exported-symbols.txt").read_text().split())
        known = exported | set(headers.structs()) | set(headers.integers())
        self.assertEqual(set(DECLARED) - exported, set(), "functions.py declares what is not exported")
        self.assertEqual(set(not_offered()) - known, set(), "not-offered.txt lists what is not there")

    def test_every_declared_function_is_used(self):
        sources = [path.read_text() for path in PACKAGE.glob("*.py") if path.name != "functions.py"]
        unused = [name for name in DECLARED if not any(f".{name}" in source for source in sources)]
        self.assertEqual(unused, [], "declared in functions.py, but no method of the package calls it")

    def test_functions_take_and_answer_what_the_headers_say(self):
        prototypes = headers.functions()
        self.assertEqual(set(prototypes), set((ROOT / "scripts" / "exported-symbols.txt").read_text().split()))
        for name, (result, arguments) in DECLARED.items():
            with self.subTest(name):
                wanted = (kind_of(prototypes[name][0]), [kind_of(one) for one in prototypes[name][1]])
                self.assertEqual((result, arguments), wanted, f"{name} in functions.py is not what the header has")

    def test_every_struct_is_declared_with_the_fields_and_sizes_of_the_headers(self):
        for name, fields in headers.structs().items():
            if name in not_offered():
                continue
            with self.subTest(name):
                self.assertIn(name, structs.STRUCTS, f"{name}: declare it in structs.py, or list it as not offered")
                struct = structs.STRUCTS[name]
                here = [field for field, *_ in struct._fields_]
                self.assertEqual(here, fields, f"{name} has other fields in structs.py than in the header")
                for field in fields:
                    member = getattr(struct, field)
                    place = (self.measured[f"offset {name}.{field}"], self.measured[f"width {name}.{field}"])
                    self.assertEqual((member.offset, member.size), place, f"{name}.{field}: offset and size")
                self.assertEqual(ctypes.sizeof(struct), self.measured[f"sizeof {name}"], f"{name}: size")

    def test_every_constant_has_its_name_and_number(self):
        for owner, names in headers.enumerations().items():
            if owner in not_offered():
                continue
            with self.subTest(owner):
                self.assertIn(owner, constants.ENUMERATIONS, f"{owner}: declare it in constants.py, or list it")
                prefixes, enumeration = constants.ENUMERATIONS[owner]
                wanted = {short(name, prefixes.split()): self.measured[name] for name in names}
                here = {name: int(member) for name, member in enumeration.__members__.items()}
                self.assertEqual(here, wanted, f"{enumeration.__name__} in constants.py is not what the header has")

    def test_the_version_of_the_interface_is_that_of_the_headers(self):
        self.assertEqual(constants.ABI_VERSION, self.measured["FL_ABI_VERSION"])

    def test_what_a_caller_can_give_in_c_can_be_given_in_python(self):
        silent = {"struct_size", "reserved", "abi_version", "header_count", "fact_count", "flags"}
        for struct, offered in (
            (structs.Request, {field.name for field in dataclasses.fields(fairlead.Request)}),
            (structs.EngineOptions, set(inspect.signature(fairlead.Engine.__init__).parameters)),
            (structs.Document, set(inspect.signature(update.Document.__init__).parameters)),
            (structs.Outcome, set(inspect.signature(fairlead.Attempt.report).parameters)),
        ):
            wanted = {field for field, *_ in struct._fields_} - silent
            self.assertEqual(wanted - offered, set(), f"fields of {struct.__name__} that Python cannot set")


def short(name: str, prefixes: list[str]) -> str:
    """The name of a constant without what all of its kind begin with."""
    for prefix in prefixes:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    raise AssertionError(f"{name} begins with none of {prefixes}")


if __name__ == "__main__":
    unittest.main()
