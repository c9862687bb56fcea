"""A data set on disk that a command needs to find there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from econsec.engine.location import Location
from econsec.errors import NotAvailable

__all__ = ["Folder", "existing"]

Folder = Annotated[Path, typer.Option("--location", "-l", help="The folder of the data set.")]


def existing(root: Path) -> Location:
    """The data set at `root`. Raises `NotAvailable` where there is none."""
    location = Location(root)
    if location.current() is None:
        raise NotAvailable(
            f"{root} holds no data set", remedy="name the folder that `econsec serve -l` is given"
        )
    return location
