"""Texts to embed: short, long, of many characters, and of none."""

from __future__ import annotations

TEXTS = [
    "",
    " ",
    "a",
    "Norway would monitor the ceasefire.",
    "Støre sa «ja» – 😀 漢字 Ελλάδα \u0301\u200b",
    "12,345.67 % of the €-budget (2026-01-06)",
    "antidisestablishmentarianism" * 8,
    "x" * 500,
    "one two three " * 20,
    "A text that is much longer than what the model reads at once. " * 60,
    *(f"Briefing number {n} tells of {n} ships and {n * n} sailors." for n in range(40)),
]
