"""Text of the data made safe to show: nothing in it steers a terminal or breaks XML."""

from __future__ import annotations

import re

__all__ = ["on_one_line", "printable"]

# The characters that XML 1.0 forbids, the other controls, and the marks by which a
# text reorders its surroundings (embeddings, overrides and isolates of Unicode's UAX 9).
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")


def printable(text: str) -> str:
    """The text with U+FFFD for what may not be shown; lines end in a line feed alone."""
    if text.isprintable():  # most are, and without a control or a mark there is nothing to do
        return text
    return _UNSAFE.sub("\ufffd", _LINE_ENDS.sub("\n", text))


def on_one_line(text: str) -> str:
    """The printable text with its line ends and tabs as spaces."""
    return " ".join(printable(text).split())
