"""Search for documents that make the bot slow, or large: `make slow`.

    python -m tools.hardening.slow [--documents 2000] [--seed 2026] [--keep DIR]

A document is a fragment that is repeated. Fragments that took more time or memory for their size
are changed and tried again, so that the search climbs. What is measured is what the serving process
does with a document that was read before: it opens it, asks, lists, compares and renders. Writes
the section of docs/FUZZ.md, and ends with 1 where work is not in proportion to the text.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from bot.access import OPERATOR
from bot.config.settings import Settings
from bot.discord.rendering.answers.answers import answer
from bot.discord.rendering.documents.sources import document_rows, source
from bot.services import Services
from index.errors import BriefingError
from testing.command import reindexer_of
from testing.services import engine_of, services_of
from tools.hardening.fuzz_seeds import seeds
from tools.hardening.guided import changed
from tools.report import ROOT, command_of, parser_of, provenance, table, write_section

SMALL, LARGE = 8_000, 32_000
"""Bytes of a document."""
_SUPERLINEAR, _SECONDS = 1.5, 1.0
"""An exponent of growth, and seconds for the large document, that are too much together: work that
is bounded in all, such as comparing, grows fast before it reaches its bound."""
_BYTES = 3_000
"""Of memory at the most for each byte of a document: a page of the answer's own has a floor."""
_GROWN = (".md", ".txt", ".html", ".csv", ".eml", ".vtt", ".ics", ".json")
"""Formats that a repeated fragment makes larger; what others become is made of the same blocks."""
_POPULATION = 24
_FRAGMENT = 600
_QUESTIONS = (
    "What is it?",
    "Summarise the document",
    "List all dates",
    "What is the highest cost?",
    "What changed since 2025?",
)
_TODAY = date(2026, 6, 15)


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of processor time for the small and the large document, and bytes for the small."""

    small: float
    large: float
    memory: int

    @property
    def exponent(self) -> float:
        """How the time grows with the text: 1 is in proportion, 2 with its square."""
        return math.log(max(self.large, 1e-4) / max(self.small, 1e-4)) / math.log(LARGE / SMALL)


@dataclass(frozen=True, slots=True)
class Tried:
    """A fragment and what each kind of work took with it."""

    suffix: str
    fragment: bytes
    works: dict[str, Measured]

    @property
    def score(self) -> float:
        return max((each.large + each.memory / 1e8 for each in self.works.values()), default=0.0)

    def wrong(self) -> Iterator[str]:
        """Yield a sentence for each kind of work that is too slow or too large."""
        for name, each in self.works.items():
            if each.exponent > _SUPERLINEAR and each.large > _SECONDS:
                yield f"{name}: {each.large:.2f} s, growing with the power {each.exponent:.1f}"
            if each.memory > _BYTES * SMALL:
                yield f"{name}: {each.memory / 1e6:.0f} MB"


def search(documents: int, seed: int) -> Iterator[Tried]:
    """Yield so many fragments with what they took; later ones come from the slowest before."""
    random = Random(seed)
    begin = [(kind, data) for kind, data in seeds(ROOT / "corpus") if kind in _GROWN]
    best: list[Tried] = []
    for _ in range(documents):
        if best and random.random() < 0.7:
            parent = random.choice(best)
            suffix, of = parent.suffix, [parent.fragment, *(one.fragment for one in best)]
        else:
            suffix, data = random.choice(begin)
            start = random.randrange(max(1, len(data) - _FRAGMENT))
            of = [data[start : start + random.randint(1, _FRAGMENT)]]
        fragment = changed(of, _FRAGMENT, random) or b"a "
        tried = _measured(suffix, fragment)
        best = sorted([*best, tried], key=lambda one: -one.score)[:_POPULATION]
        yield tried


def _measured(suffix: str, fragment: bytes) -> Tried:
    """Measure twice where it seems too slow: others use the machine as well."""
    tried = Tried(suffix, fragment, measure(suffix, fragment))
    if not any(True for _ in tried.wrong()):
        return tried
    again = measure(suffix, fragment)
    less = {
        name: min(each, again.get(name, each), key=lambda one: one.large)
        for name, each in tried.works.items()
    }
    return Tried(suffix, fragment, less)


def measure(suffix: str, fragment: bytes) -> dict[str, Measured]:
    """Return what each kind of work takes; nothing where no document can be read."""
    with tempfile.TemporaryDirectory() as folder:
        small = _services(Path(folder) / "small", suffix, fragment, SMALL)
        large = _services(Path(folder) / "large", suffix, fragment, LARGE)
        if small is None or large is None:
            return {}
        works = {}
        for name, work in _WORKS.items():
            first, second = _seconds(work, small), _seconds(work, large)
            anew = services_of(small.settings)
            tracemalloc.start()
            work(anew)
            works[name] = Measured(first, second, tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        return works


def _services(folder: Path, suffix: str, fragment: bytes, size: int) -> Services | None:
    settings = Settings(
        corpus=folder / "corpus", index=folder / "index", records=folder / "records"
    )
    settings.corpus.mkdir(parents=True)
    for name, data in (("a", fragment), ("b", fragment + b"1 ")):
        (settings.corpus / f"{name}{suffix}").write_bytes((data * (size // len(data) + 1))[:size])
    reindexer_of(settings).run()
    services = services_of(settings)
    return services if len(_names(services)) == 2 else None


def _seconds(work: Callable[[Services], object], services: Services) -> float:
    """Return the seconds of the first time: what was found out is kept for the next."""
    began = time.thread_time()
    work(services)
    return time.thread_time() - began


def _names(services: Services) -> list[str]:
    return sorted(services.current.generation().catalog.document_names())


def _open(services: Services) -> None:
    library = services.libraries.of(OPERATOR)
    name = _names(services)[0]
    view = library.view(name, 1)
    source(view)
    source(library.view_at(name, len(library.document(name).text) - 1))
    library.suggest_headings(name, "a")


def _list(services: Services) -> None:
    library = services.libraries.of(OPERATOR)
    document_rows(library.rows("a") or library.rows())
    for name in _names(services):
        library.card(name)


def _ask(services: Services) -> None:
    document = services.libraries.of(OPERATOR).document(_names(services)[0])
    engine = engine_of(services.settings)
    words = " ".join(document.text[:2_000].split()[:8])
    for question in (*_QUESTIONS, f"What is {words}?"):
        try:
            response = engine.ask(question[:500], today=_TODAY)
        except BriefingError:
            continue
        answer(response, exchange=1)


def _compare(services: Services) -> None:
    services.libraries.of(OPERATOR).compared(*_names(services))


_WORKS: dict[str, Callable[[Services], None]] = {
    "opening it": _open,
    "listing it": _list,
    "asking": _ask,
    "comparing": _compare,
}


def page(tried: list[Tried], command: str) -> str:
    """Return the section of docs/FUZZ.md."""
    rows = []
    for name in _WORKS:
        of = [(one.works[name], one) for one in tried if name in one.works]
        if not of:
            continue
        slowest, by = max(of, key=lambda pair: pair[0].large)
        steepest = max(
            each.exponent for each, _ in of if each.large > _SECONDS / 4 or each is slowest
        )
        rows.append(
            (
                name,
                f"{slowest.large * 1000:.0f} ms",
                by.suffix,
                f"{steepest:.2f}",
                f"{max(each.memory for each, _ in of) / 1e6:.1f} MB",
            )
        )
    columns = ["work", f"slowest, {LARGE / 1e3:g} kB", "format", "steepest", "most memory"]
    wrong = [
        f"- {one.suffix} `{one.fragment[:60]!r}`: {said}" for one in tried for said in one.wrong()
    ]
    lines = [
        "## Slow documents",
        "",
        f"{len(tried):,} documents, made by repeating fragments that climb to what is slowest. "
        "Written by the tool; do not edit.",
        "",
        provenance(command),
        "",
        *table(columns, rows),
        "",
        f"Steepest: the power with which time grows from {SMALL / 1e3:g} to {LARGE / 1e3:g} kB, "
        f"where it takes {_SECONDS / 4:g} s; more than "
        f"{_SUPERLINEAR:g} is too much where it takes {_SECONDS:g} s.",
        f"Memory is that of {SMALL / 1e3:g} kB.",
        *(["", *wrong[:30]] if wrong else []),
    ]
    return "\n".join(lines)


def main() -> None:
    parser = parser_of("tools.hardening.slow", __doc__)
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--keep", type=Path, help="a folder for fragments that are too slow")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "FUZZ.md")
    options = parser.parse_args()
    tried: list[Tried] = []
    for one in search(options.documents, options.seed):
        tried.append(one)
        for said in one.wrong():
            print(f"{one.suffix} {one.fragment[:80]!r}: {said}", file=sys.stderr, flush=True)
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{len(tried)}{one.suffix}").write_bytes(one.fragment)
    content = page(tried, command_of("tools.hardening.slow"))
    write_section(options.page, "slow", content)
    print(content)
    raise SystemExit(any(True for one in tried for _ in one.wrong()))


if __name__ == "__main__":
    main()
