# Fairlead: runs the examples of the Python binding's README
# SPDX-License-Identifier: Apache-2.0

import contextlib
import io
import re
import unittest

from .fixtures import ROOT


class Readme(unittest.TestCase):
    def test_the_examples_run_and_print_what_they_should(self):
        text = (ROOT / "bindings" / "python" / "README.md").read_text()
        program = "\n".join(re.findall(r"^```python\n(.*?)^```$", text, flags=re.S | re.M))
        output = io.StringIO()
        with contextlib.chdir(ROOT), contextlib.redirect_stdout(output):
            exec(compile(program, "README.md", "exec"), {"__name__": "readme"})
        lines = output.getvalue().splitlines()
        self.assertRegex(lines[0], r"^shop.example/basket/1\?x=y -> 10\.0\.0\.\d:80 \(cluster shop\)$")
        self.assertEqual(lines[1], "200")
        self.assertRegex(lines[2], r"^redirect to http://shop.example/")
        self.assertEqual(lines[3], "301")
        self.assertIn("connect_timeout", "\n".join(lines[4:-1]))
        self.assertRegex(lines[-1], r"^\d+ endpoints$")


if __name__ == "__main__":
    unittest.main()
