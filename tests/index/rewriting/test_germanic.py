from __future__ import annotations

import pytest

from index.rewriting import Turn, rewrite


@pytest.mark.parametrize(
    ("before", "typed", "asked"),
    [
        (
            "wann ist das büro in kirchberg besetzt",
            "und in Ahlbach?",
            "wann ist das büro in Ahlbach besetzt?",
        ),
        (
            "Wer hat Dienst in der Werkstatt?",
            "Und in der Küche?",
            "Wer hat Dienst in der Küche?",
        ),
        ("hvem har nattevakt i uke 49", "og i uke 50?", "hvem har nattevakt i uke 50?"),
        ("når er kontoret i Oslo åpent?", "og i Bergen?", "når er kontoret i Bergen åpent?"),
        ("wie viele personen fasst die werkstatt", "und in ulm?", None),
        ("hvem har vakt i Oslo i mai", "og i juni?", None),
        ("hvem har nattevakt i uke 49", "og i neste uke?", None),
    ],
)
def test_another_place_or_time_after_the_same_preposition(
    before: str, typed: str, asked: str | None
) -> None:
    came = rewrite(typed, [Turn(before)])
    if asked is None:
        assert before not in came.question
    else:
        assert came.question == asked
        assert rewrite(asked, [Turn(before)]).question == asked
