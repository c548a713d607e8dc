"""How the words of a block are set, in formats whose files say it of each run of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from index.document import Span, Style, StyleKind

Kinds = frozenset[StyleKind]
KINDS_OF_TAGS = {
    "b": StyleKind.BOLD,
    "strong": StyleKind.BOLD,
    "i": StyleKind.ITALIC,
    "em": StyleKind.ITALIC,
    "s": StyleKind.STRUCK,
    "del": StyleKind.STRUCK,
    "strike": StyleKind.STRUCK,
    "code": StyleKind.MONOSPACED,
    "kbd": StyleKind.MONOSPACED,
    "samp": StyleKind.MONOSPACED,
    "tt": StyleKind.MONOSPACED,
}
"""How elements of HTML set their text."""

Runs = Sequence[tuple[str, Kinds]]
"""The runs of a block's text, in order, each with how it is set; white space does not count."""


def styles_of(text: str, runs: Runs) -> list[Style]:
    """Return how a text is set whose end is written in these runs; nothing where it is not."""
    if not any(kinds for _, kinds in runs):
        return []
    written = ["".join(run.split()) for run, _ in runs]
    places = [at for at, character in enumerate(text) if not character.isspace()]
    done = len(places) - sum(map(len, written))
    if done < 0 or "".join(text[at] for at in places[done:]) != "".join(written):
        return []
    found: list[Style] = []
    for kind in StyleKind:
        found += _of_kind(
            kind, places, done, zip(written, (kinds for _, kinds in runs), strict=True)
        )
    return sorted(found, key=lambda style: (style.span.start, -style.span.end))


def _of_kind(
    kind: StyleKind, places: Sequence[int], done: int, runs: Iterable[tuple[str, Kinds]]
) -> Iterator[Style]:
    start: int | None = None
    for written, kinds in runs:
        if written and kind not in kinds and start is not None:
            yield Style(kind, Span(places[start], places[done - 1] + 1))
            start = None
        if written and kind in kinds and start is None:
            start = done
        done += len(written)
    if start is not None:
        yield Style(kind, Span(places[start], places[done - 1] + 1))
