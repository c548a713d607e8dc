"""Only who has the secret can read what is sealed, or can have sealed it."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.sealing import Seal

SEAL = Seal("a token")
WHAT = "message 1"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_is_read(text: str) -> None:
    assert SEAL.unseal(SEAL.seal(text, WHAT), WHAT) == text


def test_nothing_of_it_shows_and_the_same_text_never_looks_the_same() -> None:
    text = "Who signs the lease?" * 20
    sealed = {SEAL.seal(text, WHAT) for _ in range(20)}
    assert len(sealed) == 20
    for one in sealed:
        assert b"lease" not in base64.b64decode(one)


def test_what_another_secret_sealed_or_somebody_changed_is_not_read() -> None:
    assert SEAL.unseal(Seal("another token").seal("Who?", WHAT), WHAT) is None
    sealed = base64.b64decode(SEAL.seal("Who?", WHAT))
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert SEAL.unseal(base64.b64encode(changed).decode(), WHAT) is None
    for length in range(len(sealed)):
        assert SEAL.unseal(base64.b64encode(sealed[:length]).decode(), WHAT) is None
    assert SEAL.unseal("no base64 \N{EM DASH}", WHAT) is None


def test_what_stands_with_another_claim_is_not_read() -> None:
    assert SEAL.unseal(SEAL.seal("Who?", WHAT), "message 2") is None
