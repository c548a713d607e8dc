"""An index in a folder, and disks that fill up or are read-only."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from index.store.folder.store import IndexStore
from testing.disks import make_read_only, small_disk

FileSizeLimit = Callable[[int], AbstractContextManager[None]]


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index")


@pytest.fixture(name="small_disk")
def _small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    with small_disk(tmp_path / "disk", 2) as folder:
        yield folder


@pytest.fixture
def read_only() -> Callable[[Path], None]:
    """Makes a mounted `small_disk` read-only."""
    return make_read_only


@pytest.fixture
def file_size_limit() -> FileSizeLimit:
    """No file may grow beyond so many bytes: a disk that fills up, for everybody."""

    @contextmanager
    def limited(size: int) -> Iterator[None]:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limited
