"""The words of the pages: all of them in both languages, and nothing else in their files."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

FILES = sorted(
    (each for each in (files("econsec.web.pages") / "texts").iterdir()), key=lambda each: each.name
)


@pytest.mark.parametrize("file", FILES, ids=[each.name for each in FILES])
def test_each_text_has_both_languages_and_no_more(file) -> None:
    """A comma outside of quotation marks would end a text and begin a key without a value."""
    for name, said in yaml.safe_load(file.read_text("utf-8")).items():
        assert sorted(said) == ["en", "ja"], name
        assert all(isinstance(text, str) and text.strip() for text in said.values()), name
        fields = [text.count("{") for text in said.values()]
        assert fields[0] == fields[1], name
