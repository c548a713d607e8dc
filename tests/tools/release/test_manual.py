"""Each command of OPERATIONS.md is run by `make manual`, or is named there with a reason."""

from __future__ import annotations

import pytest

from tools.release.manual import MANUAL, Command, commands, how


def test_each_command_is_run_or_has_a_reason() -> None:
    found = [how(each) for each in commands(MANUAL.read_text(encoding="utf-8"))]
    assert sum(isinstance(each, Command) for each in found) > 15
    assert all(isinstance(each, Command) or len(each) > 10 for each in found)


def test_commands_are_read_off_the_page() -> None:
    page = "```console\n$ a \\\n    b   # c\nsaid\n# root\n```\n\n```\n15 3 * * * d\nno\n```\n"
    assert list(commands(page)) == ["a      b   # c", "root", "15 3 * * * d"]
    with pytest.raises(LookupError):
        how("rm -rf /")
