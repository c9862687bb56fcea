"""How long the tests go on: ECONSEC_TEST_SOAK=1 for hours, ECONSEC_TEST_KILLS for a number."""

from __future__ import annotations

import os

__all__ = ["KILLS", "SOAK", "scaled"]

SOAK = os.environ.get("ECONSEC_TEST_SOAK") == "1"


def scaled(usual: int, *, soak: int) -> int:
    """A number for the usual run or the long one."""
    return soak if SOAK else usual


KILLS = int(os.environ.get("ECONSEC_TEST_KILLS", scaled(40, soak=1_000)))
"""Processes to kill in all."""
