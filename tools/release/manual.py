"""Runs the commands of OPERATIONS.md, in a root with nothing but a system in it: `make manual`.

    python -m tools.release.manual

Needs root and bubblewrap, and no network: there is none inside. `docker compose run` is the program
itself in place of a container. Prints each command with what came of it, and those that are not run
with the reason; ends with 1 where one failed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.report import ROOT, parser_of

MANUAL = ROOT / "OPERATIONS.md"
_FENCED = re.compile(r"^```(?:console)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROMPT = re.compile(r"^[$#] ", re.MULTILINE)
_NIGHTLY = re.compile(r"^\d+ \d+ \* \* \* ")
_SECONDS = 900
_PLACEHOLDERS = {"<this repository>": "/repository", "<an index of CPU builds>": "none"}
_ENGINE = "there is no engine of Docker where this runs; a test reads compose.yaml"
_SYSTEMD = "nothing inside is run by systemd; a test reads the unit"
_REGISTRY = "fetches packages from a registry, for minutes; done by hand before a release"


@dataclass(frozen=True, slots=True)
class Command:
    """How a command begins, the shell that prepares for it, and the status that it ends with."""

    begins: str
    before: str = ""
    status: int = 0


_RUN = (
    Command("git clone <this repository> briefing-bot", "cd; rm -rf briefing-bot"),
    Command("cp .env.example .env"),
    Command("echo 'TORCH_INDEX="),
    Command("sudo chown -R 10001:10001 corpus"),
    Command("docker compose run --rm briefing-bot reindex"),
    Command("docker compose run --rm briefing-bot check", status=1),  # for want of a token
    Command("sudo useradd"),
    Command("sudo install"),
    Command("briefing-bot backup", "cd ~/briefing-bot; briefing-bot reindex"),
    Command("briefing-bot restore", "rm -rf corpus index records"),
    Command("docker compose run --rm -v /backups:/backups briefing-bot backup", "rm /backups/*"),
    Command(
        "docker compose run --rm -v /backups:/backups briefing-bot restore",
        "rm -rf corpus/* index records",
    ),
    Command("15 3 * * * cd /srv/briefing-bot", "ln -s ~/briefing-bot /srv/briefing-bot"),
    Command("export BRIEFING_DATABASE="),
    Command("briefing-bot export", "unset BRIEFING_DATABASE"),
    Command("briefing-bot forget"),
    Command(
        "briefing-bot purge",
        "mkdir corpus/plans; cp corpus/*/*.pdf corpus/plans/old.pdf; briefing-bot reindex;"
        " rm corpus/plans/old.pdf",
    ),
)
_NOT_RUN = {
    "docker compose build": _ENGINE,
    "docker compose up": _ENGINE,
    "docker compose ps": _ENGINE,
    "docker compose down": _ENGINE,
    "git pull && docker compose": _ENGINE,
    "git pull && sudo make install": _REGISTRY,
    "sudo make install": _REGISTRY,
    "sudo systemctl": _SYSTEMD,
    "sudo systemd-run": _SYSTEMD,
    "journalctl": _SYSTEMD,
    "debootstrap": "builds the image from a registry of Debian's; done by hand before a release",
    "from=$(buildah": "belongs to the image",
    "buildah build": "belongs to the image",
    "root=$(buildah": "belongs to the image",
    "bwrap --ro-bind": "belongs to the image",
    "briefing-bot migrate": "needs a server; tests/bot/documents/test_migrating.py runs it",
}
_DOCKER = """#!/bin/bash
test "$1 $2" = "compose run" || exit 99
while test "$1" != briefing-bot; do shift; done
cd ~/briefing-bot && exec "$@"
"""
_SETTINGS = {"BRIEFING_CORPUS": "corpus", "BRIEFING_INDEX": "index", "BRIEFING_RECORDS": "records"}
_EMPTY = ("/backups", "/srv", "/opt", "/var", "/root", "/home", "/data", "/tmp")


def commands(manual: str) -> Iterator[str]:
    """Yield the commands of all blocks, without their prompts."""
    for block in _FENCED.findall(manual):
        joined = block.replace("\\\n", " ")
        for line in joined.splitlines():
            if _PROMPT.match(line) or _NIGHTLY.match(line):
                yield _PROMPT.sub("", line)


def how(command: str) -> Command | str:
    """Return how a command is run, or why it is not; raises LookupError where neither is known."""
    for each in _RUN:
        if command.startswith(each.begins):
            return each
    for begins, reason in _NOT_RUN.items():
        if command.startswith(begins):
            return reason
    raise LookupError(f"tools/release/manual.py does not know: {command}")


def run(manual: str, folder: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield each command with what came of it, and whether that is as it should be."""
    known = [(each, how(each)) for each in commands(manual)]
    script = ["cd; set +e"]
    for number, (command, done) in enumerate(known):
        if isinstance(done, Command):
            line = _NIGHTLY.sub("", command).replace(r"\%", "%")
            for placeholder, value in _PLACEHOLDERS.items():
                line = line.replace(placeholder, value)
            script += [done.before, f"{{ {line.split('    #')[0]}\n}}", f"echo @{number} $?@"]
    (folder / "script").write_text("\n".join(script), encoding="utf-8")
    ended = subprocess.run(
        _inside(folder),
        stdin=(folder / "script").open(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_SECONDS,
        text=True,
        check=False,
    )
    print(ended.stdout, file=sys.stderr)
    found = {int(n): int(status) for n, status in re.findall(r"@(\d+) (\d+)@", ended.stdout)}
    for number, (command, done) in enumerate(known):
        if isinstance(done, str):
            yield command, f"not run: {done}", True
        else:
            status = found.get(number)
            yield command, f"ended with {status}", status == done.status


def _inside(folder: Path) -> list[str]:
    """Return the command of a shell in the clean root, which has a copy of /etc."""
    shims, etc, repository = (folder / name for name in ("shims", "etc", "repository"))
    shims.mkdir()
    subprocess.run(["git", "clone", "--quiet", "--bare", ROOT, repository], check=True)
    python = f'#!/bin/bash\nPYTHONPATH=/program exec {sys.executable} -m bot.cli "$@"\n'
    for name, text in {
        "docker": _DOCKER,
        "sudo": '#!/bin/bash\nexec "$@"\n',
        "briefing-bot": python,
    }.items():
        (shims / name).write_text(text, encoding="utf-8")
        (shims / name).chmod(0o755)
    subprocess.run(["cp", "-r", "/etc", etc], check=True)
    (etc / "systemd" / "system").mkdir(parents=True, exist_ok=True)
    system = [each for each in ("/usr", "/bin", "/sbin", "/lib", "/lib64") if Path(each).exists()]
    binds = [argument for each in system for argument in ("--ro-bind", each, each)]
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parents[1]}
    inside = [argument for each in _EMPTY for argument in ("--tmpfs", each)]
    for prefix in map(str, sorted(prefixes)):
        inside += ["--ro-bind", prefix, prefix]
    variables = {
        **_SETTINGS,
        "HOME": "/root",
        "PATH": f"/shims:{os.defpath}:/usr/sbin:/sbin",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
    }
    return [
        *("bwrap", "--unshare-net", "--unshare-pid", "--die-with-parent", "--clearenv"),
        *(argument for name, value in variables.items() for argument in ("--setenv", name, value)),
        *("--tmpfs", "/", *binds, "--dev", "/dev", "--proc", "/proc", *inside),
        *("--bind", str(etc), "/etc", "--ro-bind", str(shims), "/shims"),
        *("--ro-bind", str(ROOT), "/program", "--ro-bind", str(repository), "/repository"),
        *("--chdir", "/root", "bash"),
    ]


def main() -> None:
    parser_of("tools.release.manual", __doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        all_done = [*run(MANUAL.read_text(encoding="utf-8"), Path(folder))]
    for command, what, as_it_should in all_done:
        print(f"{'ok   ' if as_it_should else 'WRONG'} {command[:90]}\n      {what}")
    raise SystemExit(not all(as_it_should for *_, as_it_should in all_done))


if __name__ == "__main__":
    main()
