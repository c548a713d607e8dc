"""Is a package that is not as pinned, or not as it came, found?"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from tools.release.audit import altered, installed, pinned_otherwise, pins_of

Package = Callable[..., Path]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """Installs a package of one module, as pip would, where the interpreter finds it."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(name: str, version: str, *lines: str) -> Path:
        module = tmp_path / f"{name.replace('-', '_')}.py"
        module.write_text(f"NAME = {name!r}\n", encoding="utf-8")
        info = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (info / "METADATA").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
        digest = hashlib.sha256(module.read_bytes()).digest()
        sealed = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        record = f"{module.name},sha256={sealed},\n{info.name}/RECORD,,\n"
        (info / "RECORD").write_text(record, encoding="utf-8")
        return module

    return install


def test_requirements_are_followed_through_extras_and_markers(package: Package) -> None:
    package(
        "the-product",
        "1.0",
        "Provides-Extra: dev",
        "Requires-Dist: the-part[deep]==1",
        'Requires-Dist: the-checker==3; extra == "dev"',
        'Requires-Dist: elsewhere==1; sys_platform == "never"',
        "Requires-Dist: not-there==1",
    )
    package("the-part", "1", "Provides-Extra: deep", 'Requires-Dist: the-root; extra == "deep"')
    package("the-root", "2")
    package("the-checker", "3")
    package("elsewhere", "1")
    assert list(installed("the-product")) == ["the-checker", "the-part", "the-root"]


def test_what_is_not_as_pinned_is_named(package: Package) -> None:
    package(
        "the-product",
        "1.0",
        *(f"Requires-Dist: {name}" for name in ("fine", "built", "newer", "loose", "nvidia-thing")),
    )
    package("fine", "1.0")
    package("built", "2.13.0+cpu")
    package("newer", "2.1")
    package("loose", "7")
    package("nvidia-thing", "13")
    package("dead", "1")
    pins = pins_of("# pins\nFine==1.0\nbuilt==2.13.0\nnewer==2.0\ndead==1\nnot-here==1\n")
    assert list(pinned_otherwise(installed("the-product"), pins)) == [
        "loose 7 is not in constraints.txt",
        "newer is 2.1, and pinned at 2.0",
        "dead is pinned, and nothing requires it",
    ]


def test_a_file_that_was_altered_or_is_gone_is_found(package: Package) -> None:
    module = package("the-part", "1")
    part = Distribution.from_name("the-part")
    assert altered(part) == []
    module.write_text("NAME = 'another'\n", encoding="utf-8")
    assert [str(file) for file in altered(part)] == ["the_part.py"]
    module.unlink()
    assert [str(file) for file in altered(part)] == ["the_part.py"]


def test_a_pin_is_one_version() -> None:
    pins = pins_of("A_b==1.0  # why\n\n# nothing\n")
    assert {str(name): str(version) for name, version in pins.items()} == {"a-b": "1.0"}
