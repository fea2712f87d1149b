# Fairlead: tests of finding the library and of what speaks against one
# SPDX-License-Identifier: Apache-2.0

import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import fairlead
from fairlead import library as finding


def place() -> Path:
    """The library of this test run."""
    return Path(fairlead.default_library().path).resolve()


def compiled(folder: str, source: str) -> Path:
    """A shared library made of a line of C."""
    code, file = Path(folder) / "other.c", Path(folder) / "libother.so"
    code.write_text(source)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(file), str(code)], check=True)
    return file


class FindingTheLibrary(unittest.TestCase):
    def test_an_argument_may_be_a_file_or_a_directory(self):
        self.assertEqual(fairlead.Library(place()).version, fairlead.default_library().version)
        self.assertEqual(fairlead.Library(str(place().parent)).version, fairlead.default_library().version)

    def test_the_environment_names_a_file_or_a_directory(self):
        for value in (place(), place().parent):
            with mock.patch.dict(os.environ, {"FAIRLEAD_LIBRARY": str(value)}):
                self.assertEqual(Path(fairlead.Library().path).resolve(), place())

    def test_an_argument_beats_the_environment(self):
        with mock.patch.dict(os.environ, {"FAIRLEAD_LIBRARY": "/nowhere"}):
            self.assertEqual(Path(fairlead.Library(place()).path).resolve(), place())

    def test_pkg_config_leads_to_the_library(self):
        described = place().parent / "pkgconfig"
        with mock.patch.dict(os.environ, {"PKG_CONFIG_PATH": f"/nowhere:{described}"}):
            os.environ.pop("FAIRLEAD_LIBRARY", None)
            self.assertEqual(Path(fairlead.Library().path).resolve(), place())

    def test_the_usual_folders_come_before_the_linker(self):
        with mock.patch.dict(os.environ, {}, clear=True):
            folders = finding.default_folders()
            self.assertIn(Path("/usr/local/lib"), folders)
            self.assertIn(Path("/usr/lib"), folders)
            self.assertEqual(finding.candidates()[-1], f"libfairlead.so.{fairlead.ABI_VERSION}")

    def test_an_absent_library_is_told_with_every_place(self):
        with self.assertRaises(fairlead.LibraryNotFoundError) as raised:
            fairlead.Library("/nowhere/libfairlead.so")
        self.assertIn("/nowhere/libfairlead.so", str(raised.exception))
        self.assertIn("FAIRLEAD_LIBRARY", str(raised.exception))
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(fairlead.LibraryNotFoundError) as raised:
            fairlead.Library(folder)
        self.assertIn(f"{folder}/libfairlead.so.1", str(raised.exception))

    def test_a_file_that_is_no_library_is_told(self):
        with self.assertRaises(fairlead.LibraryNotFoundError):
            fairlead.Library(__file__)

    def test_another_interface_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            other = compiled(folder, "unsigned fl_abi_version(void) { return 7; }")
            with self.assertRaises(fairlead.LibraryMismatchError) as raised:
                fairlead.Library(other)
        self.assertIn("version 7", str(raised.exception))

    def test_some_other_library_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            other = compiled(folder, "int unrelated(void) { return 7; }")
            with self.assertRaises(fairlead.LibraryMismatchError) as raised:
                fairlead.Library(other)
        self.assertIn("fl_abi_version", str(raised.exception))

    def test_a_function_that_an_older_library_lacks_is_told_when_it_is_called(self):
        source = (
            'unsigned fl_abi_version(void) { return 1; } const char *fl_version_text(void) { return "0.0.1"; }'
            "unsigned fl_version(void) { return 1; }"
        )
        with tempfile.TemporaryDirectory() as folder:
            older = fairlead.Library(compiled(folder, source))
            self.assertEqual(older.version, 1)
            with self.assertRaises(fairlead.LibraryMismatchError) as raised:
                fairlead.Engine(library=older)
        self.assertIn("(version 0.0.1) is too old: it has no fl_engine_create", str(raised.exception))


class TheLibrary(unittest.TestCase):
    def setUp(self):
        self.library = fairlead.default_library()

    def test_it_tells_its_version(self):
        major, minor, patch = (int(part) for part in self.library.version_text.split("."))
        self.assertEqual(self.library.version, major * 1_000_000 + minor * 1_000 + patch)

    def test_it_tells_what_it_can_do(self):
        self.assertIn(fairlead.Features.YAML | fairlead.Features.RE2, self.library.features)

    def test_it_has_words_for_every_status(self):
        texts = {self.library.status_text(status) for status in fairlead.Status}
        self.assertEqual(len(texts), len(fairlead.Status))
        self.assertTrue(self.library.status_text(-999))

    def test_it_knows_resources_by_their_type_urls(self):
        url = "type.googleapis.com/envoy.config.cluster.v3.Cluster"
        self.assertEqual(self.library.resource_of_type_url(url), fairlead.Resource.CLUSTER)
        self.assertEqual(
            self.library.resource_of_type_url("envoy.config.route.v3.RouteConfiguration"),
            fairlead.Resource.ROUTE_CONFIGURATION,
        )
        with self.assertRaises(fairlead.StatusError) as raised:
            self.library.resource_of_type_url("example.Unknown")
        self.assertEqual(raised.exception.status, fairlead.Status.UNKNOWN_RESOURCE_TYPE)

    def test_an_unknown_number_is_a_member_of_its_own(self):
        self.assertEqual(fairlead.Disposition(99), 99)
        self.assertEqual(fairlead.Disposition(99).name, "UNKNOWN_99")
        with self.assertRaises(ValueError):
            fairlead.Disposition("forward")


if __name__ == "__main__":
    unittest.main()
