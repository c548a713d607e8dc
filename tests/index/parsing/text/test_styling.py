from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.document import Span, Style, StyleKind
from index.parsing.text.styling import styles_of

_KINDS = st.frozensets(st.sampled_from([StyleKind.BOLD, StyleKind.ITALIC]))
_RUNS = st.lists(st.tuples(st.text("ab é\n", max_size=5), _KINDS), max_size=6)


@given(_RUNS, st.sampled_from(["", "1. ", "• "]))
def test_each_character_is_set_as_its_run(
    runs: list[tuple[str, frozenset[StyleKind]]], mark: str
) -> None:
    text = mark + " ".join("".join(run for run, _ in runs).split())
    wanted = [(one, kinds) for run, kinds in runs for one in run if not one.isspace()]
    found = styles_of(text, runs)
    places = [at for at, one in enumerate(text) if not one.isspace()][
        len(mark.split()[0]) if mark else 0 :
    ]
    for at, (one, kinds) in zip(places, wanted, strict=True):
        assert text[at] == one
        assert {style.kind for style in found if style.span.start <= at < style.span.end} == kinds
    assert all(style.span.of(text).strip() == style.span.of(text) for style in found)


def test_nothing_is_set_where_the_runs_are_not_the_text() -> None:
    bold = frozenset({StyleKind.BOLD})
    assert styles_of("H2O", [("H", bold), ("2O", frozenset())]) == [
        Style(StyleKind.BOLD, Span(0, 1))
    ]
    assert styles_of("H₂O", [("H", bold), ("2O", frozenset())]) == []
    assert styles_of("", [("H", bold)]) == []
