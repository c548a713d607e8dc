"""An index of what the module has as `DOCUMENTS`, for tests that ask one kind of question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.fakes import publish


@pytest.fixture(scope="module")
def generation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Generation]:
    store = IndexStore(tmp_path_factory.mktemp("index"))
    publish(store, *request.module.DOCUMENTS)
    generation = store.open(None)
    yield generation
    generation.catalog.close()
