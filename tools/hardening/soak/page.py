"""docs/SOAK.md: what soak writes."""

from __future__ import annotations

from collections.abc import Iterator

from tools.hardening.soak.figures import MOST_GROWTH, Figures
from tools.hardening.vitals import Memory
from tools.report import counts, provenance, table

_UNTOLD = "**Too few questions were asked to tell whether memory grows.**"
_ROWS = 2_500
"""Questions between two lines of the table of memory."""


def page(figures: Figures, command: str) -> str:
    """Return docs/SOAK.md."""
    plan, wrong = figures.plan, figures.wrong()
    median, most = figures.took
    memory = [
        (f"{asked:,}", *map(_mb, (full.resident, full.own, used.own, used.allocated)))
        for asked, full, used in _rows(figures)
    ]
    tables = {
        "people": figures.acts,
        f"the admin ({figures.generations:,} generations)": figures.admin,
        "requests to Discord that went wrong": figures.faults,
        "connections that were lost": figures.losses,
        "said instead of an answer, as planned": figures.refused,
        "warnings in the log": figures.warnings,
    }
    lines = [
        "# Soak",
        "",
        f"{figures.asked:,} questions by {plan.people} simulated people in "
        f"{figures.seconds / 60:.0f} minutes, from seed {plan.seed}, while an admin",
        "changes the documents and Discord fails. Written by the tool; do not edit. What people do",
        "and what is checked stands in `tools/hardening/soak/`.",
        "",
        provenance(command),
        "",
        "The bot is the real one, in a process of its own, with the real models. It reads "
        f"{plan.passages} of the passages found,",
        "fewer than by default, so that all of it fits into the time, and lets one person ask "
        "1,000 questions a minute.",
        "Discord is the tests' own.",
        "",
        f"**{len(wrong)} things were wrong.**" if wrong else "**Nothing was wrong.**",
        "",
        *(f"- {' '.join(problem.split())[:500]}" for problem in wrong[:50]),
        *([""] if wrong else []),
        f"{figures.answered:,} answers were looked at, with {figures.excerpts:,} excerpts: is each "
        "to its question, from a",
        "generation that was there, and word for word from a document, as recorded and as",
        f"shown? Under this load an answer took {median:.1f} s (median), {most:.1f} s (95 %). A "
        "question takes",
        f"{figures.records / max(1, figures.asked):,.0f} bytes in the records, which grow as they "
        "must.",
        f"In the end {figures.watches:,} questions were watched; {figures.told:,} messages told "
        "somebody that one has another answer.",
        "",
        "## Memory",
        "",
        *table(
            [
                "questions",
                "resident",
                "without mapped files",
                "the same, caches emptied",
                "of it given by malloc",
            ],
            memory,
        ),
        "",
        f"Growth for 1,000 questions from question {figures.judged_from:,} on, by least squares "
        f"over every {plan.sample}th,",
        "with its 95 % interval, without mapped files, right after the bounded caches were emptied "
        f"and what is free was given back: {figures.growth}; of",
        f"it given by malloc {figures.growth_of_allocated}. If it is surely more than "
        f"{MOST_GROWTH:g} MB, the run fails.",
        "",
        *([] if figures.tells_growth else [_UNTOLD, ""]),
        "What grows before that is warm-up: tables of Python double, some is read once. The "
        "models are mapped",
        "files: each rare word of a question makes another page of them resident, and the system "
        "may take it back.",
        "",
        "## Caches",
        "",
        f"Caches grow until they are full. They are emptied every {plan.sample} questions; it is "
        "the most that they held.",
        "Those of a generation count for each that is open. What was seen took "
        f"{_mb(figures.caches.bytes)}; when all are",
        f"full they would take {_mb(figures.caches.full)}, by the size of the entries seen.",
        "",
        *table(
            ["what is kept", "entries", "most", "KB", "KB when full", "found there"],
            (
                (
                    f"`{use.name}`",
                    f"{use.kept:,}",
                    f"{use.most:,}",
                    f"{use.bytes / 1e3:,.0f}",
                    f"{use.full / 1e3:,.0f}",
                    f"{use.hits / asked:.0%} of {asked:,}"
                    if (asked := use.hits + use.misses)
                    else "",
                )
                for use in figures.caches.most_first()
            ),
        ),
        "",
        "## Left behind",
        "",
        "What the bot holds at rest, after the first "
        f"{plan.warm_up:,} questions and in the end. More of any kind fails the run.",
        "",
        *table(["", "then", "in the end"], figures.at_rest),
        "",
        "Python's objects may differ by a few; a type that grows with the questions fails the run.",
        "",
        "## What happened",
        *(line for title, counter in tables.items() for line in counts(title, counter)),
    ]
    return "\n".join(lines) + "\n"


def _rows(figures: Figures) -> Iterator[tuple[int, Memory, Memory]]:
    """Yield the memory after the warm-up, then every so many questions, and in the end: with what
    bounded caches hold, and without."""
    wanted = figures.plan.warm_up
    for (asked, memory), (_, full) in zip(figures.memory, figures.full, strict=True):
        if asked >= wanted or asked == figures.memory[-1][0]:
            yield asked, full, memory
            wanted = (asked // _ROWS + 1) * _ROWS


def _mb(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"
