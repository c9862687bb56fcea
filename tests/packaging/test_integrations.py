"""The GitHub Action and the pre-commit hooks, run as those would run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from econsec.cli import COMMANDS

CASES = Path(__file__).resolve().parents[1] / "cases" / "shapes" / "AmountShape"
FAILING = "fail-amount-value-negative.ttl"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Somebody's repository: one file in a folder below, whose name has a space."""
    folder = tmp_path / "my data" / "below"
    folder.mkdir(parents=True)
    shutil.copy(CASES / "pass-minimal.ttl", folder / "good one.ttl")
    return tmp_path


def environment(repository: Path, **more: str) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "HOME": str(repository), **more}


@pytest.fixture(scope="session")
def action(root: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    return content


def run(
    action: dict[str, Any], repository: Path, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """The last step as a runner does it: inputs with their defaults, in the environment."""
    step = action["runs"]["steps"][-1]
    given = {
        name: inputs.get(name, each.get("default", "")) for name, each in action["inputs"].items()
    }
    variables = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: given[found[1]], text)
        for name, text in step["env"].items()
    }
    variables["GITHUB_OUTPUT"] = str(repository / "output")
    variables["GITHUB_STEP_SUMMARY"] = str(repository / "summary")
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=repository,
        env=environment(repository, **variables),
        capture_output=True,
        text=True,
        timeout=120,
    )


def outputs(repository: Path) -> dict[str, str]:
    lines = (repository / "output").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_the_action_passes_what_conforms(action: dict[str, Any], repository: Path) -> None:
    done = run(action, repository, files="**/*.ttl", profile="document")
    assert done.returncode == 0, done.stderr
    assert outputs(repository) == {"sarif": "econsec.sarif", "conforms": "true"}
    assert json.loads((repository / "econsec.sarif").read_text())["version"] == "2.1.0"


def test_the_action_fails_on_a_violation_and_says_where(
    action: dict[str, Any], repository: Path
) -> None:
    shutil.copy(CASES / FAILING, repository / "bad.ttl")
    done = run(action, repository, files="bad.ttl\nmy data/**/*.ttl", profile="document")
    assert done.returncode == 1, done.stderr
    assert outputs(repository)["conforms"] == "false"
    (sarif,) = json.loads((repository / "econsec.sarif").read_text())["runs"]
    places = [each["locations"][0]["physicalLocation"] for each in sarif["results"]]
    assert {place["artifactLocation"]["uri"] for place in places} == {"bad.ttl"}
    assert all(place["region"]["startLine"] > 1 for place in places)
    assert (repository / "summary").read_text().count("|") > 5


def test_the_action_refuses_patterns_that_match_nothing(
    action: dict[str, Any], repository: Path
) -> None:
    done = run(action, repository, files="*.rdf")
    assert done.returncode == 2
    assert "no file matches" in done.stdout


def test_a_name_is_no_command(action: dict[str, Any], repository: Path) -> None:
    run(action, repository, files="$(touch broken).ttl\n`touch broken`\n; touch broken")
    assert not (repository / "broken").exists()


def test_no_input_is_put_into_a_script(action: dict[str, Any]) -> None:
    assert all("${{" not in step.get("run", "") for step in action["runs"]["steps"])


@pytest.fixture(scope="session")
def hooks(root: Path) -> dict[str, dict[str, Any]]:
    listed = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return {hook["id"]: hook for hook in listed}


def test_every_hook_is_a_command_for_its_files(hooks: dict[str, dict[str, Any]]) -> None:
    for hook in hooks.values():
        program, command = hook["entry"].split()
        assert (program, command in COMMANDS, hook["language"]) == ("econsec", True, "python")
        assert re.search(hook["files"], "shapes/some.ttl")


@pytest.mark.parametrize(("case", "status"), [("pass-minimal.ttl", 0), (FAILING, 1)])
def test_the_hook_judges_the_files_that_it_is_given(
    hooks: dict[str, dict[str, Any]], repository: Path, case: str, status: int
) -> None:
    hook = hooks["econsec-validate"]
    command = [*hook["entry"].split(), "--profile", "document", str(CASES / case)]
    done = subprocess.run(
        command, cwd=repository, env=environment(repository), capture_output=True, timeout=120
    )
    assert done.returncode == status, done.stderr
