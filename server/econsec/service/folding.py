"""Texts made alike for searching: width, case and kana make no difference."""

from __future__ import annotations

import unicodedata

__all__ = ["folded"]

_KATAKANA = range(0x30A1, 0x30F7)
_TO_HIRAGANA = {code: code - 0x60 for code in _KATAKANA}
_BREAKS = str.maketrans("\n\r\t\u3000", "    ")


def folded(text: str) -> str:
    """Compatibility forms (NFKC) and case folded away, katakana as hiragana, on one line.

    `ﾁｮｰｸﾎﾟｲﾝﾄ`, `チョークポイント` and `ちょーくぽいんと` are one, and so are `ＭＥＴＩ` and `meti`.
    """
    compatible = unicodedata.normalize("NFKC", text.translate(_BREAKS)).casefold()
    # Case folding can undo the composition.
    return unicodedata.normalize("NFKC", compatible).translate(_TO_HIRAGANA)
