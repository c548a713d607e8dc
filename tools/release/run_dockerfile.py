"""Runs a Dockerfile's steps in plain folders, and what they made, where there is no Docker engine.

    python tools/release/run_dockerfile.py build --base FOLDER --out FOLDER [--lend PATH]
        [--build-arg N=V]
    python tools/release/run_dockerfile.py run FOLDER [--volume HOST:INSIDE[:ro]] [--env N=V]
        [--offline]
                                   [--entrypoint PROGRAM] [-- ARGUMENT ...]

`build` takes a folder with a Debian and Python in it for every image that is not a stage, copies it
for each stage, and leaves the last stage as root/ below --out, and in image.json how it starts.
`run` starts that as Docker would with --read-only, --tmpfs /tmp, --cap-drop ALL and without new
privileges. Both need Linux and root; what they mount is gone when they end. `--lend` shows the
steps a file or folder of this machine, a pip configuration say, of which nothing stays behind.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools.release.dockerfile import (  # noqa: E402
    Instruction,
    NotUnderstood,
    expand,
    ignored,
    read_dockerfile,
)

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NAMES = Path("/etc/resolv.conf")


@dataclass
class Stage:
    """A folder that is to be a root, and how what is in it starts."""

    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": _PATH})
    arguments: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = "0:0"
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    healthcheck: tuple[str, ...] = ()

    def place(self, path: str) -> Path:
        """Where `path`, as the image sees it, lies here."""
        return self.root / (Path(self.workdir) / path).relative_to("/")


class Build:
    def __init__(self, base: Path, out: Path, given: Mapping[str, str], lent: Sequence[Path]):
        self._base = base
        self._out = out
        self._given = given
        self._lent = lent
        self._ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8")
        self._stages: dict[str, Stage] = {}

    def run(self, instructions: Sequence[Instruction]) -> Stage:
        """The last stage. Raises NotUnderstood, and ends the program where a step fails."""
        stage = outside = Stage(self._out)
        for number, instruction in enumerate(instructions):
            began = time.monotonic()
            if instruction.name == "FROM":
                last = not any(later.name == "FROM" for later in instructions[number + 1 :])
                stage = self._begin(instruction, outside.arguments, last=last)
            else:
                try:
                    self._step(stage, instruction, outside.arguments)
                except subprocess.CalledProcessError as exc:
                    sys.exit(f"Line {instruction.line}: it ended with exit code {exc.returncode}.")
            shown = f"{instruction.name} {' '.join(instruction.arguments)}"
            print(f"{time.monotonic() - began:7.1f} s  {shown[:100]}", flush=True)
        return stage

    def _begin(
        self, instruction: Instruction, arguments: Mapping[str, str], *, last: bool
    ) -> Stage:
        image, *name = instruction.arguments
        image = expand(image, arguments)
        parent = self._stages.get(image) or Stage(self._base)
        root = self._out / ("root" if last else name[-1])
        root.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "--archive", "--reflink=auto", parent.root, root], check=True)
        stage = replace(parent, root=root, environment=dict(parent.environment), arguments={})
        self._stages[root.name] = stage
        return stage

    def _step(self, stage: Stage, instruction: Instruction, outside: Mapping[str, str]) -> None:
        known = {**stage.arguments, **stage.environment}
        words = tuple(expand(word, known) for word in instruction.arguments)
        match instruction.name:
            case "ARG":
                name, _, default = words[0].partition("=")
                stage.arguments[name] = self._given.get(name, default or outside.get(name, ""))
            case "ENV":
                stage.environment |= dict(word.split("=", 1) for word in words)
            case "WORKDIR":
                stage.workdir = str(Path(stage.workdir) / words[0])
                stage.place(".").mkdir(parents=True, exist_ok=True)
            case "USER":
                stage.user = words[0]
            case "COPY":
                self._copy(stage, words, instruction.flags)
            case "RUN":
                self._run(stage, instruction.arguments[0])
            case "ENTRYPOINT":
                stage.entrypoint, stage.command = instruction.arguments, ()
            case "CMD":
                stage.command = instruction.arguments
            case "HEALTHCHECK":
                stage.healthcheck = instruction.arguments

    def _copy(self, stage: Stage, words: Sequence[str], flags: Mapping[str, str]) -> None:
        *sources, target = words
        to = stage.place(target)
        to.mkdir(parents=True, exist_ok=True)
        for source in sources:
            if "from" in flags:
                tree = self._stages[flags["from"]].place(source)
                subprocess.run(["cp", "--archive", f"{tree}/.", to], check=True)
            for path in () if "from" in flags else sent(source, self._ignore):
                copied = to / path.relative_to(source if (ROOT / source).is_dir() else ".")
                copied.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / path, copied)
        if "chown" in flags:
            subprocess.run(["chown", "--recursive", flags["chown"], to], check=True)

    def _run(self, stage: Stage, script: str) -> None:
        environment = {"HOME": "/root", **stage.environment, **stage.arguments}
        user, _, group = stage.user.partition(":")
        who = ["setpriv", f"--reuid={user}", f"--regid={group or user}", "--clear-groups"]
        with ExitStack() as lent:
            mounts = [
                lent.enter_context(_lending(path, stage.root)) for path in (_NAMES, *self._lent)
            ]
            argv = _inside(stage.root, mounts, who, environment, stage.workdir, script)
            subprocess.run(argv, check=True)


def sent(source: str, dockerignore: str) -> list[Path]:
    """The files of the context that `COPY source` copies, relative to it. Raises NotUnderstood
    where there are none."""
    at = ROOT / source
    files = [path.relative_to(ROOT) for path in (at.rglob("*") if at.is_dir() else [at])]
    files = [f for f in files if (ROOT / f).is_file() and not ignored(f.as_posix(), dockerignore)]
    if not files:
        raise NotUnderstood(f"COPY {source}: it is not there, or .dockerignore keeps it out.")
    return sorted(files)


def start(options: argparse.Namespace, arguments: Sequence[str]) -> None:
    """Becomes what the image starts."""
    image = json.loads((options.folder / "image.json").read_text(encoding="utf-8"))
    root = options.folder.resolve() / "root"
    mounts = [f"mount -t tmpfs -o mode=1777 tmpfs {root}/tmp"]
    for volume in options.volume:
        host, inside, *mode = volume.split(":")
        mounts += _bind(Path(host), root / inside.lstrip("/"), read_only=mode == ["ro"])
    mounts.append(f"mount -o remount,bind,ro {root}")
    if options.offline:
        mounts.append("ip link set lo up")
    user, _, group = image["user"].partition(":")
    who = ["setpriv", f"--reuid={user}", f"--regid={group or user}", "--clear-groups"]
    who += ["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
    program = [options.entrypoint] if options.entrypoint else image["entrypoint"]
    words = [*program, *(arguments or image["command"])]
    environment = {"HOME": "/tmp", **image["environment"], **dict(options.env)}
    argv = _inside(root, mounts, who, environment, image["workdir"], f"exec {shlex.join(words)}")
    argv[1:1] = ["--net"] if options.offline else []
    os.execvp(argv[0], argv)


def _inside(
    root: Path,
    mounts: Sequence[str],
    who: Sequence[str],
    environment: Mapping[str, str],
    workdir: str,
    script: str,
) -> list[str]:
    """A command that runs `script` in `root`, in a mount and process namespace of its own."""
    variables = [f"{name}={value}" for name, value in environment.items()]
    shell = ["sh", "-ec", f"cd {shlex.quote(workdir)}\n{script}"]
    entered = ["chroot", str(root), "env", "-i", *variables, *who, *shell]
    system = [f"mount --bind {root} {root}", f"mount -t proc proc {root}/proc"]
    system += [f"mount --rbind /dev {root}/dev"]
    return [
        *("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec"),
        "\n".join([*system, *mounts, f"exec {shlex.join(entered)}"]),
    ]


def _bind(host: Path, target: Path, *, read_only: bool) -> list[str]:
    bound = [f"mount --rbind {shlex.quote(str(host.resolve()))} {shlex.quote(str(target))}"]
    return bound + [f"mount -o remount,bind,ro {shlex.quote(str(target))}"] * read_only


@contextmanager
def _lending(path: Path, root: Path) -> Iterator[str]:
    """The commands that show `path` in `root`; the place made for it is gone afterwards."""
    target = root / path.relative_to("/")
    made = [place for place in (target, *target.parents) if not place.exists()]
    if made and path.is_dir():
        target.mkdir(parents=True)
    elif made:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    try:
        yield "\n".join(_bind(path, target, read_only=True))
    finally:
        for place in made:
            place.rmdir() if place.is_dir() else place.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    actions = parser.add_subparsers(required=True, dest="action")
    build = actions.add_parser("build")
    build.add_argument("--base", type=Path, required=True)
    build.add_argument("--out", type=Path, required=True)
    build.add_argument("--lend", type=Path, action="append", default=[])
    build.add_argument("--build-arg", type=_pair, action="append", default=[])
    run = actions.add_parser("run")
    run.add_argument("folder", type=Path)
    run.add_argument("--volume", action="append", default=[])
    run.add_argument("--env", type=_pair, action="append", default=[])
    run.add_argument("--entrypoint")
    run.add_argument("--offline", action="store_true")
    given = sys.argv[1:]
    own = given.index("--") if "--" in given else len(given)
    options = parser.parse_args(given[:own])
    if options.action == "run":
        start(options, given[own + 1 :])
    instructions = read_dockerfile((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    made = Build(options.base, options.out.resolve(), dict(options.build_arg), options.lend)
    stage = made.run(instructions)
    image = {
        name: getattr(stage, name)
        for name in ("environment", "workdir", "user", "entrypoint", "command", "healthcheck")
    }
    (options.out / "image.json").write_text(json.dumps(image, indent=2), encoding="utf-8")


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


if __name__ == "__main__":
    main()
