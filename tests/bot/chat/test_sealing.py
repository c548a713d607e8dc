"""What is sealed can be read, and can have been written, by who has the secret alone."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.sealing import Seal

SEAL = Seal("a token")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_is_read(text: str) -> None:
    assert SEAL.unseal(SEAL.seal(text)) == text


def test_nothing_of_it_shows_and_the_same_text_never_looks_the_same() -> None:
    text = "Who signs the lease?" * 20
    sealed = {SEAL.seal(text) for _ in range(20)}
    assert len(sealed) == 20
    for one in sealed:
        assert b"lease" not in base64.b64decode(one)


def test_what_another_secret_sealed_or_somebody_changed_is_not_read() -> None:
    assert SEAL.unseal(Seal("another token").seal("Who?")) is None
    sealed = base64.b64decode(SEAL.seal("Who?"))
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert SEAL.unseal(base64.b64encode(changed).decode()) is None
    for other in ("", "no base64 \N{EM DASH}", "AAAA", base64.b64encode(sealed[:-1]).decode()):
        assert SEAL.unseal(other) is None
