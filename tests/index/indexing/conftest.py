"""A desk with two documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.indexing.workbench import AID, ROLES, Workbench


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    workbench = Workbench(tmp_path)
    workbench.write("aid.txt", AID)
    workbench.write("deep/roles.txt", ROLES)
    return workbench
