from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from bot.app.garbage import uncollected


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    yield
    gc.enable()


def test_the_collector_rests_and_leaves_alone_what_was_loaded() -> None:
    with uncollected():
        assert not gc.isenabled()
        loaded = [[]]  # type: ignore[var-annotated]
        assert any(one is loaded for one in gc.get_objects())
    assert gc.isenabled()
    assert not any(one is loaded for one in gc.get_objects())  # nor of what is frozen


@pytest.mark.parametrize("enabled", [True, False])
def test_it_is_left_as_it_was(enabled: bool) -> None:
    (gc.enable if enabled else gc.disable)()
    with pytest.raises(ZeroDivisionError), uncollected():
        raise ZeroDivisionError
    assert gc.isenabled() is enabled
