"""The words of headings, as files of each format have them."""

from __future__ import annotations

import pytest

from index.parsing.text.heading_words import heading_words


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("Aims", "Aims"),
        ("## Aims ##", "Aims"),
        ("## C #", "C"),
        ("## C#", "C#"),
        ("Aims\n====", "Aims"),
        ("====\nAims\n====", "Aims"),
        ("== Aims ==", "Aims"),
        ("= Aims", "Aims"),
        ("= 4", "= 4"),
        ("Aims of\nthe convoy\n---", "Aims of the convoy"),
        ("- 2. # Aims", "Aims"),
        ("2. Aims", "2. Aims"),
        ("# **Aims** and *ends*", "Aims and ends"),
        ("# `make` it", "make it"),
        ("**Aims**", "Aims"),
        ("Aims *of* it", "Aims *of* it"),
        ("# snake_case_name", "snake_case_name"),
        ("# 2 * 3 * 4", "2 * 3 * 4"),
        ("# [Aims](https://example.org)", "Aims"),
        ("# ![Map](map.png) of Karsk", "Map of Karsk"),
        ("# Aims\u00a0\n", "Aims"),
        ("", ""),
    ],
)
def test_the_marks_of_a_format_are_no_words(raw: str, words: str) -> None:
    assert heading_words(raw) == words
