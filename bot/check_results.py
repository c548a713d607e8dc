"""What a check found: one value for each thing that `briefing-bot check` looked at."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_ID = 10**15
"""Discord's ids have 17 digits and more; a number much shorter than that was mistyped."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing that was looked at. `remedy` completes `detail` and is empty where all is well.

    Where something `needed` is missing, questions are not answered; the rest is worth knowing.
    """

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    needed: bool = True


def worth_knowing(name: str, detail: str, remedy: str = "") -> CheckResult:
    """Return what is not as it should be, although questions are answered all the same."""
    return CheckResult(name, False, detail, remedy, needed=False)
