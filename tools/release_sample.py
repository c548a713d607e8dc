"""Makes what an installation of this version leaves on the disk, small, for tests of upgrading.

    python tools/release_sample.py [FOLDER]

Run it at each release. It writes FOLDER/<version>.tar.gz with `corpus/`, `index/` (two generations;
`gone.md` was in the first), `records/`, and `backup.tar.gz`. To make the sample of an older version
run it outside of the checkout, with that version's checkout in PYTHONPATH; what that version lacks
is left out.
"""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import index

CHECKOUT = Path(index.__file__).parent.parent
CORPUS = {
    "aid.md": "# Aid\n\nNorway sends eleven ships to the harbour of Larvik.\n",
    "deep/roles.md": "# Roles\n\nTroops would monitor the borders in the north.\n",
    "prices.csv": "item,price\nrope,12 euros\ntar,7 euros\n",
    "gone.md": "# Gone\n\nThe lighthouse at Stad burns whale oil.\n",
}
CHANGED = {"aid.md": "# Aid\n\nNorway sends twelve ships to the harbour of Larvik.\n"}
QUESTION, REASON = "How many ships does Norway send?", "It was twelve."


def make(folder: Path) -> Path:
    """The path of the sample, named after the version that is imported."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        _write(root / "corpus", CORPUS)
        _run(root, "reindex")
        (root / "corpus/gone.md").unlink()
        _write(root / "corpus", CHANGED)
        _run(root, "reindex")
        if _has("records"):
            _record(root / "records")
        if _has("backup"):
            _run(root, "backup", "backup.tar.gz")
        (root / "index/lock").unlink()
        to = folder.absolute() / f"{project['project']['version']}.tar.gz"
        to.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(to, "w:gz") as archive:
            for path in sorted(root.iterdir()):
                archive.add(path, path.name, filter=_nobody)
    return to


def _write(corpus: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _has(module: str) -> bool:
    bot = CHECKOUT / "bot"
    return (bot / f"{module}.py").is_file() or (bot / module).is_dir()


def _run(root: Path, *command: str) -> None:
    places = {f"BRIEFING_{name.upper()}": name for name in ("corpus", "index", "records")}
    if not _has("records"):
        del places["BRIEFING_RECORDS"]
    start = "import bot.cli; raise SystemExit(bot.cli.main())"
    subprocess.run(
        [sys.executable, "-c", start, *command], check=True, cwd=root, env=os.environ | places
    )


def _record(records: Path) -> None:
    from bot.records import Kind, Records, Verdict

    kept = Records(records / "records.sqlite", **_words_kept(Records))
    exchange = kept.add(
        kind=Kind.ASK,
        person=7,
        guild=8,
        channel=9,
        question=QUESTION,
        generation=2,
        confidence=0.9,
        answered=True,
    )
    kept.set_replies(exchange.id, [10])
    kept.rate(exchange.id, 7, Verdict.DOWN, REASON)
    kept.audit(person=7, guild=8, action="reindex", detail="generation 2")
    kept.remember("commands", "as they were")
    kept.close()


def _words_kept(records: type) -> dict[str, Any]:
    """Up to 0.3.0 they were kept without being asked to."""
    name = "keep_questions"
    return {name: True} if name in inspect.signature(records).parameters else {}


def _nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    print(make(Path(sys.argv[1] if sys.argv[1:] else "tests/data/releases")))
