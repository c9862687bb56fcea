"""`make conformance`: run the W3C's suites and write the page and the EARL report."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from w3c.earl import report
from w3c.page import page
from w3c.run import known_failures, run

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parent.parent


def main() -> int:
    """Write both files; exit code 1 where the failures are not those that are known."""
    suites = (_ROOT / os.environ.get("ECONSEC_TEST_DATA", "../shared")).resolve() / "w3c"
    if not suites.is_dir():
        print(f"there are no W3C suites in {suites} (set ECONSEC_TEST_DATA)", file=sys.stderr)
        return 2
    known, outcome = known_failures(_HERE / "known_failures.toml"), run(suites)
    _write(_ROOT / "docs" / "conformance.md", page(outcome, known))
    _write(_ROOT / "build" / "conformance.ttl", report(outcome))
    expected = {key for group in known for key in group.tests}
    failures = outcome.failures()
    for key in sorted(failures.keys() - expected):
        print(f"new failure: {key}: {failures[key]}", file=sys.stderr)
    for key in sorted(expected - failures.keys()):
        print(f"does not fail any more: {key}", file=sys.stderr)
    return int(failures.keys() != expected)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    aside = path.with_name(path.name + ".new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
    print(path.relative_to(_ROOT))


if __name__ == "__main__":
    sys.exit(main())
