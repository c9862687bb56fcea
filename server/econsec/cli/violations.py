"""What violates shapes, as commands that write data print it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from econsec.engine.writing.failures import NotConforming

__all__ = ["print_json", "print_results", "printed_violations"]


@contextmanager
def printed_violations() -> Iterator[None]:
    """Print why a write is refused, on standard output."""
    try:
        yield
    except NotConforming as error:
        if error.report is not None:
            print_results(error.report)
        raise


def print_results(report: Mapping[str, Any]) -> None:
    """One line for each: severity, focus node with path, and message; a note where some are cut."""
    for result in report["results"]:
        messages = result["messages"]
        message = messages.get("en") or next(iter(messages.values()), "")
        place = " ".join(filter(None, (result["focusNode"], result["path"])))
        typer.echo(f"{result['severity']}\t{place}\t{message}")
    if report["truncated"]:
        left_out = sum(report["omitted"].values())
        typer.echo(f"{left_out:,} more are not shown", err=True)


def print_json(content: Any) -> None:
    """For programs."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
