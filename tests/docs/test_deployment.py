"""The examples to run the service with: the image, and the unit of systemd."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from econsec.cli import COMMANDS
from econsec.settings import Settings


@pytest.fixture(scope="module")
def containerfile(root: Path) -> list[list[str]]:
    """The instructions of the image, each as its words."""
    text = (root / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [line.split(maxsplit=1) for line in lines]


@pytest.fixture(scope="module")
def unit(docs: Path) -> dict[str, list[str]]:
    """The lines of the unit, by their names."""
    (text,) = re.findall(r"^```ini\n(.*?)^```$", (docs / "operations.md").read_text(), re.M | re.S)
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def values(containerfile: list[list[str]], name: str) -> list[str]:
    return [value for instruction, value in containerfile if instruction == name]


def environment(assignments: list[str]) -> dict[str, str]:
    """What is set of the service, by variable."""
    pairs = [word.partition("=") for line in assignments for word in shlex.split(line)]
    return {name: value for name, _, value in pairs if name.startswith("ECONSEC_")}


def test_the_image_has_no_root_and_one_volume(containerfile: list[list[str]]) -> None:
    (user,) = values(containerfile, "USER")
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    (volume,) = values(containerfile, "VOLUME")
    (made,) = values(containerfile, "RUN")
    owner, group = user.split(":")
    assert f"--owner {owner} --group {group} --mode 0700 {volume}" in made
    names = [instruction for instruction, _ in containerfile]
    assert names.index("USER") > max(i for i, name in enumerate(names) if name in {"RUN", "COPY"})
    assert "ADD" not in names


def test_the_image_takes_the_wheel_and_locked_dependencies(
    root: Path, containerfile: list[list[str]]
) -> None:
    (made,) = values(containerfile, "RUN")
    assert "--require-hashes --requirement requirements.lock" in made
    assert "--no-index" in made
    sources = [word for line in values(containerfile, "COPY") for word in line.split()[:-1]]
    ignored = (root / ".dockerignore").read_text("utf-8").split()
    taken = [source for source in sources if not source.startswith(("--", "/"))]
    assert ignored == ["*", *(f"!{source}" for source in taken)]


def test_the_image_serves(containerfile: list[list[str]]) -> None:
    (entry,), (default,) = values(containerfile, "ENTRYPOINT"), values(containerfile, "CMD")
    assert entry == '["econsec"]'
    (name,) = re.findall(r'^\["([\w-]+)"\]$', default)
    assert name in COMMANDS
    settings = Settings.from_environment(environment(values(containerfile, "ENV")))
    assert (settings.host, settings.log_format) == ("0.0.0.0", "json")
    assert values(containerfile, "EXPOSE") == [str(settings.port)]


def test_the_unit_is_of_this_program(unit: dict[str, list[str]]) -> None:
    settings = Settings.from_environment(environment(unit["Environment"]))
    (state,) = unit["StateDirectory"]
    assert Path(settings.location).parent == Path("/var/lib") / state
    (command,) = unit["ExecStart"]
    assert command.split()[1:] == ["serve"]
    longest = settings.unready_seconds + settings.drain_seconds
    assert int(unit["TimeoutStopSec"][0]) > longest + 1


def test_the_unit_lets_the_workers_confine_themselves(unit: dict[str, list[str]]) -> None:
    assert "MemoryDenyWriteExecute" not in unit  # ctypes could not be imported
    assert unit["SystemCallFilter"] == ["@system-service"]
    assert "AF_UNIX" in unit["RestrictAddressFamilies"][0].split()
    assert unit["OOMPolicy"] == ["continue"]
