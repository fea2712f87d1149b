# Fairlead: reads what the C headers declare, as far as the bindings have to repeat it
# SPDX-License-Identifier: Apache-2.0

import re
import subprocess
import tempfile
from pathlib import Path

from .fixtures import ROOT

INCLUDE = ROOT / "include"


def declarations() -> str:
    """The text of all headers, without comments and preprocessor lines."""
    text = "\n".join(path.read_text() for path in sorted((INCLUDE / "fairlead").glob("*.h")))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r"^#.*?(?<!\\)$", "", text, flags=re.S | re.M)


def functions() -> dict[str, tuple[str, list[str]]]:
    """`{name: (result, [arguments])}`, each as its type in C without `const` and name: "fl_exchange *"."""
    found = re.findall(r"FL_API\s+([^;()]*?)(fl_\w+)\(([^;]*)\);", declarations())
    return {
        name: (_plain(result), [] if arguments == "void" else [_argument(one) for one in arguments.split(",")])
        for result, name, arguments in found
    }


def _plain(text: str) -> str:
    words = re.sub(r"\b(const|struct)\b", "", text).replace("*", " * ").split()
    return " ".join(words).replace("* *", "**")


def _argument(text: str) -> str:
    return _plain(re.sub(r"\w+\s*$", "", text))


def structs() -> dict[str, list[str]]:
    """`{name: [fields]}` of the structs that are not opaque."""
    found = re.findall(r"typedef struct (fl_\w+) \{(.*?)\} \1;", declarations(), flags=re.S)
    return {name: [_field(one) for one in body.split(";") if one.strip()] for name, body in found}


def _field(text: str) -> str:
    pointer = re.search(r"\(\*(\w+)\)", text)
    return pointer.group(1) if pointer else re.search(r"(\w+)\s*(\[\w+\])?\s*$", text).group(1)


def integers() -> dict[str, str]:
    """`{name: type}` of the names that the headers give to integer types."""
    return {name: kind for kind, name in re.findall(r"typedef (u?int\d+_t) (fl_\w+);", declarations())}


def enumerations() -> dict[str, list[str]]:
    """`{name of the integer type: [constants]}`: the constants follow the type that they are for."""
    found = {}
    owner = None
    for name, body in re.findall(r"typedef u?int\d+_t (fl_\w+);|enum \{(.*?)\};", declarations(), flags=re.S):
        if name:
            owner = name
        else:
            found[owner] = re.findall(r"\b(FL_\w+) =", body)
    return found


def measured() -> dict[str, int]:
    """What the compiler says: `sizeof fl_route`, `offset fl_route.name`, `width fl_route.name`, `FL_OK`."""
    lines = []
    for struct, fields in structs().items():
        lines.append(f'printf("sizeof {struct}=%lld\\n", (long long)sizeof({struct}));')
        for field in fields:
            lines.append(f'printf("offset {struct}.{field}=%lld\\n", (long long)offsetof({struct}, {field}));')
            lines.append(f'printf("width {struct}.{field}=%lld\\n", (long long)sizeof((({struct} *)0)->{field}));')
    for constants in enumerations().values():
        lines += [f'printf("{constant}=%lld\\n", (long long){constant});' for constant in constants]
    lines.append('printf("FL_ABI_VERSION=%lld\\n", (long long)FL_ABI_VERSION);')
    program = "#include <fairlead.h>\n#include <stdio.h>\nint main(void) {\n" + "\n".join(lines) + "\nreturn 0;\n}\n"
    with tempfile.TemporaryDirectory() as folder:
        source, binary = Path(folder) / "measure.c", Path(folder) / "measure"
        source.write_text(program)
        command = ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{INCLUDE}", "-o", str(binary), str(source)]
        subprocess.run(command, check=True)
        output = subprocess.run([str(binary)], check=True, capture_output=True, text=True).stdout
    return {name: int(value) for name, value in (line.split("=") for line in output.splitlines())}
