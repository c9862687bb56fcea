"""The page for operators says what the program has, by its names, and leaves nothing out."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from prometheus_client.parser import text_string_to_metric_families as families
from typer.core import TyperCommand

import econsec
from econsec.cli import COMMANDS, command
from econsec.engine.cache import Cache
from econsec.engine.publication import Publication
from econsec.engine.workers import Statistics
from econsec.engine.writing.writer import Statistics as WriterStatistics
from econsec.errors import EconSecError
from econsec.service.receipts import NAMES
from econsec.settings import SETTINGS
from econsec.web.metrics import Metrics, Sources
from econsec.web.observing import Observation
from econsec.web.receipts import COMMIT, VERSION

_VARIABLE = re.compile(r"\bECONSEC_[A-Z_]+[A-Z]\b")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")
_SETTING = re.compile(r"(?:max|keep|service)_\w+|\w+_(?:(?:milli)?seconds|bytes|rows|length|graph)")
_ROW = re.compile(r"^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \|", re.MULTILINE)
_WRITTEN_BY_PEOPLE = ("docs/operations.md", "docs/threat-model.md", "README.md")
_SERVED = ("engine", "knowledge", "rdf", "service", "web")
_COMMAND_LINE = ("engine.backup", "engine.writing.generations", "engine.writing.applying")
"""Where errors are that no request meets."""

SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)
OBSERVATION = Observation(
    method="GET", route="/sparql", status=200, outcome="2xx", seconds=1, bytes_sent=1, state={}
)


@pytest.fixture(scope="module")
def page(docs: Path) -> str:
    """The text of the page."""
    return (docs / "operations.md").read_text("utf-8")


@pytest.fixture(scope="module")
def metrics() -> set[str]:
    """The names of all metrics that the service may have, its process aside."""
    pool = Statistics(
        0, 0, 0, (), None, kills={"lost": 1}, forks=0, failed_forks=0, zygote_starts=0
    )
    writer = WriterStatistics(0, 1, 0, 0, 0.1, None)
    parts = Sources(
        publication=lambda: Publication(time=SOME_TIME),
        version=lambda: "1",
        pool=lambda: pool,
        cache=lambda: Cache(0),
        writer=lambda: writer,
    )
    found = Metrics(parts)
    found.note_start()
    found.note_refusal("cut")
    found(OBSERVATION)
    text = found.render("")[0].decode()
    samples = {sample.name for family in families(text) for sample in family.samples}
    return {
        re.sub("_(bucket|sum|count)$", "", name)
        for name in samples
        if name.startswith("econsec_") and not name.endswith("_created")
    }


def section(page: str, heading: str) -> str:
    """The text below a heading of the second level."""
    _, found, rest = page.partition(f"\n## {heading}\n")
    assert found, heading
    return rest.partition("\n## ")[0]


def commands(text: str) -> Iterator[list[str]]:
    """The words of each `econsec …` that a page shows, in a block or within a line."""
    blocks = [body for language, body in _BLOCK.findall(text) if language == "sh"]
    lines = [line for body in blocks for line in body.replace("\\\n", " ").splitlines()]
    codes = _CODE.findall(_BLOCK.sub("", text))
    for line in [*lines, *codes]:
        words = shlex.split(line, comments=True)
        if words and re.fullmatch(r"(?:\S*/)?econsec", words[0]) and len(words) > 1:
            yield words[1:]


def options(name: str) -> set[str]:
    """The options that a command takes; those of the parts of a group, too."""
    found = command(name)
    parts = [found] if isinstance(found, TyperCommand) else [*found.commands.values()]
    return {"--help", *(o for p in parts for q in p.params for o in (*q.opts, *q.secondary_opts))}


def errors() -> Iterator[type[EconSecError]]:
    """Every error of the package, those of the command line alone aside."""
    for module in walk_packages(econsec.__path__, "econsec."):
        if module.name.split(".")[1] in _SERVED:
            import_module(module.name)
    pending = EconSecError.__subclasses__()
    while pending:
        error = pending.pop()
        pending += error.__subclasses__()
        name = error.__module__.removeprefix("econsec.")
        if name != error.__module__ and not name.startswith(_COMMAND_LINE):
            yield error


def slug(name: str) -> str:
    """A name as it stands in the type of a problem."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def problems(page: str) -> dict[str, tuple[int, bool]]:
    """The problems that the page lists: whether a retry helps, and the status."""
    rows = _ROW.findall(section(page, "Limits and errors"))
    return {kind: (int(status), retry == "yes") for kind, status, retry in rows}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented(docs: Path, setting: object) -> None:
    variable = getattr(setting, "variable", "")
    assert f"| `{variable}` |" in (docs / "settings.md").read_text("utf-8")


@pytest.mark.parametrize("path", [*_WRITTEN_BY_PEOPLE, "Containerfile"])
def test_every_setting_that_is_named_exists(root: Path, path: str) -> None:
    text = (root / path).read_text("utf-8")
    known = {setting.variable for setting in SETTINGS}
    named = {name for name in _VARIABLE.findall(text) if not name.startswith("ECONSEC_TEST_")}
    assert named - known == set()


def test_every_limit_of_the_table_is_a_setting(page: str) -> None:
    names = {setting.name for setting in SETTINGS}
    shaped = {code for code in _CODE.findall(page) if _SETTING.fullmatch(code)}
    named = {code for code in shaped if not code.startswith("econsec_")}
    assert len(named) > 30
    assert named - names == set()


@pytest.mark.parametrize("path", _WRITTEN_BY_PEOPLE)
def test_every_command_and_option_that_is_named_exists(root: Path, path: str) -> None:
    shown = [*commands((root / path).read_text("utf-8"))]
    assert path == "docs/threat-model.md" or len(shown) > 10
    for name, *words in shown:
        if name.startswith("-"):
            assert name in {"--version", "--help", "--quiet", "--debug"}
        elif name not in {"COMMAND", "…"}:
            assert name in COMMANDS, name
            given = {word.partition("=")[0] for word in words if _OPTION.fullmatch(word)}
            assert given <= options(name), (name, given - options(name))


@pytest.mark.parametrize("path", _WRITTEN_BY_PEOPLE)
def test_every_target_of_make_that_is_named_exists(root: Path, path: str) -> None:
    targets = {*re.findall(r"^([a-z-]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE)}
    text = (root / path).read_text("utf-8")
    shown = re.findall(r"(?:^|`)make ((?:[A-Z]+=\S+ )*)([a-z-]+)", text, re.MULTILINE)
    assert {target for _, target in shown} - targets == set()


def test_every_metric_is_listed_and_no_other(page: str, metrics: set[str]) -> None:
    text = section(page, "Metrics")
    listed = re.findall(r"^\| `(econsec_\w+)` \|", text, re.MULTILINE)
    assert sorted(listed) == sorted(metrics)
    assert {name for name in _CODE.findall(text) if name.startswith("econsec_")} <= metrics


def test_every_reason_of_a_connection_is_listed(page: str, root: Path) -> None:
    files = (root / "server/econsec/web").glob("*.py")
    sources = "".join(path.read_text("utf-8") for path in files)
    reasons = {*re.findall(r'(?:reason=|on_refusal\()"(\w+)"', sources)}
    assert len(reasons) > 10
    assert reasons - {*_CODE.findall(section(page, "Metrics"))} == set()


def test_every_problem_is_listed_with_its_status(page: str) -> None:
    listed = problems(page)
    named = [error for error in errors() if {"status", "limit"} & vars(error).keys()]
    assert len(named) > 20
    for error in named:
        retry = getattr(error, "retryable", error.status in {429, 503})
        assert listed.get(slug(error.__name__)) == (error.status, retry), error


def test_every_problem_that_is_listed_exists(page: str) -> None:
    statuses = {slug(error.__name__): error.status for error in errors()}
    for kind, (status, _) in problems(page).items():
        assert statuses[kind] == status, kind


@pytest.mark.parametrize("header", [*NAMES, COMMIT, VERSION])
def test_every_header_of_a_receipt_is_listed(page: str, header: str) -> None:
    assert f"| `{header}` |" in section(page, "Receipts and caching")


def test_the_check_of_commands_sees_them() -> None:
    text = "`econsec log -l x`\n```sh\n/opt/econsec serve \\\n  --port 1 # econsec\n```\n`econsec`"
    assert [*commands(text)] == [["serve", "--port", "1"], ["log", "-l", "x"]]
    assert "--location" in options("serve")
    assert "--source" in options("evidence")
    assert "--no-infer" in options("build")
