from __future__ import annotations

import pytest

from index.answering.excerpts.gist import Sentence, gist_of
from index.answering.tuning import TUNING
from index.document import Span


def gist(*texts: str, characters: int = 200, title: str = "", leads: int = -1) -> list[str]:
    """Return the texts that are chosen; the one numbered `leads` is the first below a heading."""
    sentences = [
        Sentence("notes.txt", Span(n, n + 1), text, n == leads) for n, text in enumerate(texts)
    ]
    return [each.text for each in gist_of(sentences, characters, TUNING, title=title)]


FERRY = "The winter ferry carries lorries and dangerous goods across the strait."
BOATS = "Lorries wait for the winter ferry in the harbour of Turku."
CATS = "Some cats slept near warm stoves yesterday evening."
AGAIN = "The winter ferry carries lorries and goods across the strait."


def test_what_many_sentences_share_is_said_first() -> None:
    assert gist(CATS, FERRY, BOATS, characters=140) == [FERRY, BOATS]


def test_the_same_is_not_said_twice() -> None:
    leak = "A leaking roof spoils the goods in the depot of Turku."
    roof = "The depot of Turku has a leaking roof over the goods."
    assert gist(FERRY, AGAIN, roof, leak, characters=125) == [AGAIN, roof]


def test_the_first_sentence_below_a_heading_counts_more() -> None:
    boats = "Empty boats wait in the harbour of Turku."
    lorries = "Empty lorries wait in the harbour of Turku."
    assert gist(boats, lorries, characters=50) == [boats]
    assert gist(boats, lorries, characters=50, leads=1) == [lorries]


def test_words_of_the_title_count_more() -> None:
    boats = "Old boats wait in the harbour of Turku."
    lorries = "New lorries wait in the depot of Vaasa."
    texts = (boats, lorries, boats, lorries)
    assert gist(*texts, characters=50) == [boats]
    assert gist(*texts, characters=50, title="Lorries of Vaasa") == [lorries]


@pytest.mark.parametrize(
    "text",
    [
        "The winter ferry carries these lorries and goods:",
        "MODERATOR: Does the winter ferry carry lorries and goods?",
        "Winter ferry.",
        "The winter ferry carries lorries and goods. " * 12,
    ],
)
def test_what_cannot_stand_alone_is_left_out(text: str) -> None:
    assert gist(text, FERRY, BOATS) == [FERRY, BOATS]


def test_it_is_no_longer_than_asked() -> None:
    assert sum(map(len, gist(FERRY, BOATS, CATS, characters=100))) <= 100
    assert gist(FERRY, characters=10) == []
    assert gist() == []
