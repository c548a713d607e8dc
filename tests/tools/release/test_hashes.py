"""hashes/ has what the image installs, in the versions that were tested."""

from __future__ import annotations

import re

import pytest

from tools.release.hashes import EXTRAS, HASHES, needed


@pytest.mark.parametrize("name", EXTRAS)
def test_each_package_has_a_hash(name: str) -> None:
    text = (HASHES / f"{name}.txt").read_text(encoding="utf-8")
    found = re.findall(
        r"^(\S+==\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", text, re.MULTILINE
    )
    assert [package for package, _ in found] == needed()[name], "run `make hashes`"
