"""How much a test searches, by the tier that it runs in.

`TEST_BUDGET` names the tier: `fast` (make test-fast), `check` (make test and make check) or
`harden` (make harden). The name does not begin with BRIEFING_, since the program refuses settings
that it does not know. What is marked `search`, `make test` leaves out and `make check` has.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet

_SHARES = {"fast": 1 / 12, "check": 1 / 3, "harden": 10.0}

BUDGET = os.environ.get("TEST_BUDGET", "check")
if BUDGET not in _SHARES:
    raise SystemExit(f"TEST_BUDGET is {BUDGET!r}; make it one of {', '.join(_SHARES)}.")
HARDENING = BUDGET == "harden"
in_full = pytest.mark.skipif(not HARDENING, reason="`make harden` has the time for it")


def amount(of: int, *, check: int | None = None) -> int:
    """Return how many examples, kills or rounds this tier does of a test that is worth `of`.

    Where the share of `make check` takes too long, `check` is how many it does instead.
    """
    if check is not None and BUDGET == "check":
        return check
    return max(1, round(of * _SHARES[BUDGET]))


def seeds(of: int, *, check: int | None = None) -> list[ParameterSet]:
    """Return that amount of seeds, of which `make test` has the first."""
    return [
        pytest.param(seed, marks=pytest.mark.search if seed else ())
        for seed in range(amount(of, check=check))
    ]


def one_in(every: int, values: Iterable[Any]) -> list[ParameterSet]:
    """Return values as parameters, of which `make test` has one in so many, the first among them.

    A tuple has a value for each name.
    """
    return [
        pytest.param(
            *(value if isinstance(value, tuple) else (value,)),
            marks=pytest.mark.search if number % every else (),
        )
        for number, value in enumerate(values)
    ]
