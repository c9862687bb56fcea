"""Where the ontology, shapes, data and queries lie: in the wheel or in a checkout."""

from __future__ import annotations

from pathlib import Path

__all__ = ["resources"]

_PACKAGE = Path(__file__).resolve().parent


def resources() -> Path:
    """The folder that holds `ontology/`, `shapes/`, `data/` and `queries/`.

    An installed wheel carries them inside the package; a checkout has them at
    the repository's root, two levels above the package.
    """
    packaged = _PACKAGE / "resources"
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent
