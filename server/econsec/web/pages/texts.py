"""What the pages say in words of their own, from the files in `texts/`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from econsec.web.languages import Language

__all__ = ["Text", "texts"]

Text = Mapping[Language, str]


@cache
def texts() -> Mapping[str, Text]:
    """Each text by its key: the file's name and the name in it, such as `search.title`."""
    found: dict[str, Text] = {}
    folder = files("econsec.web.pages") / "texts"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        page = file.name.removesuffix(".yaml")
        for name, said in yaml.safe_load(file.read_text("utf-8")).items():
            found[f"{page}.{name}"] = {language: said[language.value] for language in Language}
    return found
