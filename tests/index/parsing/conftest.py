"""Files of every format, and what holds for every document."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from index.document import Document
from index.errors import UnreadableDocument
from index.parsing import ParsingLimits, parse_file
from testing.soundness import assert_sound

Parse = Callable[..., Document]
Refused = Callable[..., str]


@pytest.fixture(scope="session")
def sound() -> Callable[[Document], None]:
    return assert_sound


@pytest.fixture(scope="session")
def parse(tmp_path_factory: pytest.TempPathFactory) -> Parse:
    """Reads bytes or text as a file of a name, and checks the document's invariants."""
    folder = tmp_path_factory.mktemp("corpus")

    def parse(name: str, content: bytes | str, **limits: int) -> Document:
        data = content.encode() if isinstance(content, str) else content
        path = folder / name
        path.write_bytes(data)
        document = parse_file(path, name, limits=ParsingLimits(**limits))
        assert_sound(document)
        assert document.name == name
        assert document.sha256 == hashlib.sha256(data).hexdigest()
        return document

    return parse


@pytest.fixture(scope="session")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Refused:
    """The reason for which bytes or text in a file of a name are refused."""
    folder: Path = tmp_path_factory.mktemp("bad")

    def refused(name: str, content: bytes | str, **limits: int) -> str:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(UnreadableDocument) as caught:
            parse_file(path, name, limits=ParsingLimits(**limits))
        return caught.value.reason

    return refused


@pytest.fixture(scope="session")
def outline() -> Callable[[Document], list[tuple[str, int, str]]]:
    """A document's blocks as (kind, level, text)."""

    def outline(document: Document) -> list[tuple[str, int, str]]:
        return [
            (block.kind.value, block.level, block.span.of(document.text))
            for block in document.blocks
        ]

    return outline


@pytest.fixture(scope="session")
def saved() -> Callable[..., bytes]:
    """The bytes of anything that has a `save(file)`."""

    def saved(thing: object) -> bytes:
        buffer = io.BytesIO()
        thing.save(buffer)  # type: ignore[attr-defined]
        return buffer.getvalue()

    return saved
