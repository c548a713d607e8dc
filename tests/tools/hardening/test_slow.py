"""A few documents of `make slow`, and that what it looks for is found."""

from __future__ import annotations

import pytest

from bot.services import Services
from tools.hardening import slow
from tools.hardening.slow import Measured, Tried, page, search


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow, "SMALL", 500)
    monkeypatch.setattr(slow, "LARGE", 2_000)


@pytest.mark.search
def test_a_few_documents_are_measured() -> None:
    tried = list(search(1, seed=7))
    assert any(one.works for one in tried)
    assert "| asking | " in page(tried, "make slow")


def test_work_with_the_square_of_the_text_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def square(services: Services) -> None:
        length = sum(path.stat().st_size for path in services.settings.corpus.iterdir())
        sum(range(length**2 // 2))

    monkeypatch.setattr(slow, "_WORKS", {"squaring": square})
    works = slow.measure(".txt", b"One line.\n")
    assert Tried(".txt", b"", works).works["squaring"].exponent > 1.5


def test_what_is_too_slow_or_too_large_is_said() -> None:
    works = {"asking": Measured(0.1, 1.6, 0), "listing": Measured(0.1, 0.4, 10**9)}
    assert list(Tried(".md", b"", works).wrong()) == [
        "asking: 1.60 s, growing with the power 2.0",
        "listing: 1000 MB",
    ]
    assert list(Tried(".md", b"", {"asking": Measured(0.4, 1.6, 0)}).wrong()) == []
