"""How much a test searches, by the tier that it runs in.

`TEST_BUDGET` names the tier: `fast` (make test-fast), `check` (make test) or `harden` (make
harden). The name does not begin with BRIEFING_, since the program refuses settings that it
does not know.
"""

from __future__ import annotations

import os

import pytest

__all__ = ["BUDGET", "HARDENING", "amount", "in_full"]

_SHARES = {"fast": 1 / 12, "check": 1 / 3, "harden": 10.0}

BUDGET = os.environ.get("TEST_BUDGET", "check")
if BUDGET not in _SHARES:
    raise SystemExit(f"TEST_BUDGET is {BUDGET!r}; make it one of {', '.join(_SHARES)}.")
HARDENING = BUDGET == "harden"
in_full = pytest.mark.skipif(not HARDENING, reason="`make harden` has the time for it")


def amount(of: int, *, check: int | None = None) -> int:
    """Return how many examples, kills or rounds this tier does of a test that is worth `of`.

    Where the share of `make test` takes too long, `check` is how many it does instead.
    """
    if check is not None and BUDGET == "check":
        return check
    return max(1, round(of * _SHARES[BUDGET]))
