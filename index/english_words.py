"""English words and names, as symspellpy lists them."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def listed_words() -> frozenset[str]:
    """Return English words in lower case; none where the list is not installed."""
    spec = importlib.util.find_spec("symspellpy")
    if spec is None or not spec.submodule_search_locations:
        return frozenset()
    (listed,) = Path(spec.submodule_search_locations[0]).glob("frequency_dictionary_en_*.txt")
    # A line is a word and how often it is used.
    return frozenset(listed.read_text("utf-8-sig").split()[::2])
