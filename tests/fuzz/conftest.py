"""How long the fuzz runs take, and from which seed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from random import Random

import pytest

sys.path.append(str(Path(__file__).parent))  # tests import the processes that they fuzz


@pytest.fixture(scope="session")
def fuzz_seconds() -> float:
    """How long the tests of one file run together: `ECONSEC_TEST_FUZZ_SECONDS`, else 5 s."""
    return float(os.environ.get("ECONSEC_TEST_FUZZ_SECONDS", "5"))


@pytest.fixture
def fuzz_seed() -> int:
    """The seed `ECONSEC_TEST_FUZZ_SEED`, which a failure shows, else a new one."""
    seed = int(os.environ.get("ECONSEC_TEST_FUZZ_SEED") or Random().randrange(1 << 32))
    print(f"ECONSEC_TEST_FUZZ_SEED={seed}")
    return seed
