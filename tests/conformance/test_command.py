"""`make conformance` where the suites are missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_missing_suites_are_named_and_nothing_is_written(root: Path, tmp_path: Path) -> None:
    page = root / "docs" / "conformance.md"
    before = page.read_bytes()
    done = subprocess.run(
        [sys.executable, str(root / "tests" / "conformance")],
        env={**os.environ, "ECONSEC_TEST_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert f"there are no W3C suites in {tmp_path / 'w3c'}" in done.stderr
    assert page.read_bytes() == before
