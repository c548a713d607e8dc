"""Numbers, months and weekdays, as English writes them."""

from __future__ import annotations

NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
QUARTERS = {
    word: number
    for number, words in enumerate(("first 1st", "second 2nd", "third 3rd", "fourth 4th"), start=1)
    for word in words.split()
}
"""The ordinals that quarters of a year are written with."""
MONTHS = tuple(
    "january february march april may june july august september october november december".split()
)
MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS, start=1)}
MONTH_NUMBERS |= {name[:3]: number for name, number in MONTH_NUMBERS.items()} | {"sept": 9}
"""The months by their names and by what these are shortened to."""
ALSO_WORDS = ("may", "march")
"""Months that are other words, too."""
WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
