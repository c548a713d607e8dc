"""A small share of `make fuzz`, other files than it makes by default."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from index.parsing import SUFFIXES
from tools.hardening.fuzz import page, run
from tools.hardening.fuzz_mutations import mutant
from tools.hardening.fuzz_seeds import seeds
from tools.report import ROOT

FILES = 150


@pytest.mark.search
def test_damaged_files_are_read_or_refused() -> None:
    cases = list(run(range(FILES), seed=1))
    assert [str(case) for case in cases if case.outcome not in ("read", "refused")] == []
    assert len({case.suffix for case in cases}) > len(SUFFIXES) // 2
    assert {case.outcome for case in cases} == {"read", "refused"}
    written = page(cases, frozenset({"memory"}), 1, "make fuzz")
    assert f"| all | {FILES} | " in written


def test_a_file_is_the_same_each_time() -> None:
    one, two = (mutant(Random("1:7"), seeds(ROOT / "corpus")) for _ in range(2))
    assert (one.suffix, one.data, one.done) == (two.suffix, two.data, two.done)


def test_sound_files_are_of_every_format() -> None:
    assert {suffix for suffix, _ in seeds(Path("no corpus"))} >= SUFFIXES - {".pptx"}


def test_damage_to_damage_leaves_a_file_that_fits_into_memory() -> None:
    sound = seeds(ROOT / "corpus")
    assert max(len(mutant(Random(f"14:{number}"), sound).data) for number in range(60)) < 10_000_000
