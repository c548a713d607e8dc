"""A command line over the documents that the module has as INDEXED."""

from __future__ import annotations

import pytest

from testing.command import CommandLine


@pytest.fixture
def indexed(command: CommandLine, request: pytest.FixtureRequest) -> CommandLine:
    for name, text in request.module.INDEXED.items():
        command.write(name, text)
    assert command("reindex", "--quiet").code == 0
    return command
