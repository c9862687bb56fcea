"""Other servers, each in an environment of its own, made when it is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

__all__ = ["NotInstalled", "rdflib_endpoint_python"]

_PACKAGES = ("rdflib-endpoint==0.6.3", "uvicorn", "httptools", "uvloop")


class NotInstalled(Exception):
    """The packages could not be had."""


def rdflib_endpoint_python(folder: Path) -> Path:
    """The interpreter of the environment in `folder`, made if need be.

    Raises `NotInstalled` with pip's reason.
    """
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    probe = [str(python), "-c", "import rdflib_endpoint, uvicorn, uvloop"]
    if subprocess.run(probe, capture_output=True).returncode:
        found = subprocess.run([*command, *_PACKAGES], capture_output=True, text=True)
        if found.returncode:
            raise NotInstalled(found.stderr.strip().splitlines()[-1])
    return python
