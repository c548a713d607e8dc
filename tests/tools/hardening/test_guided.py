"""A few changed inputs for each target of `make guided`, and its page."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from testing.budget import amount
from tools.hardening import guided
from tools.hardening.guided import Searched, changed, in_sum, page, read_off, search
from tools.hardening.guided_targets import TARGETS, Target

NAMES = {target.name: target for target in TARGETS}


@pytest.mark.search
@pytest.mark.parametrize("target", NAMES.values(), ids=NAMES)
def test_no_changed_input_breaks_it(target: Target, tmp_path: Path) -> None:
    seeds, random = target.seeds(), Random(target.name)
    with target.opened(tmp_path) as run:
        for _ in range(amount(12)):
            run(changed(seeds, target.most, random))


def test_what_breaks_is_not_let_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with NAMES["ids"].opened(tmp_path) as run:
        run(b"y:not")
        monkeypatch.setattr("tools.hardening.guided_targets.planned", lambda _: False)
        with pytest.raises(AssertionError):
            run(b"y:not")


def test_what_libfuzzer_says_is_read(tmp_path: Path) -> None:
    said = (
        "#64\tINITED cov: 70 ft: 110 corp: 7/23Kb exec/s: 0 rss: 160Mb\n"
        "#417249\tDONE   cov: 71 ft: 198 corp: 49/60Kb lim: 4096 exec/s: 10176 rss: 160Mb\n"
    )
    found = read_off(NAMES["wire"], said, 0, tmp_path)
    assert (found.inputs, found.reached, found.kept, found.said) == (417_249, 71, 49, "")
    (tmp_path / "crash-1").touch()
    assert read_off(NAMES["wire"], said, 77, tmp_path).found == ("crash-1",)
    assert read_off(NAMES["wire"], "No such module", 1, tmp_path).said == "No such module"


def test_the_page_says_what_was_found() -> None:
    searched = Searched(NAMES["mail"], 1_234, 5_400, reached=99, kept=7, found=("crash-a",))
    said = page([searched], 600, "make guided")
    assert "| mail | a mail | 1,234 | 90 min | 99 | 7 | 1 |" in said
    assert "1.5 hours of processor time in sum" in said


def test_searches_that_go_on_are_added_up(tmp_path: Path) -> None:
    mail, wire = NAMES["mail"], NAMES["wire"]
    for each in (Searched(mail, 10, 1.5), Searched(wire, 7, 4.0), Searched(mail, 20, 2.0)):
        found = in_sum(each, tmp_path / "in-sum.json")
    assert (found.inputs, found.seconds) == (30, 3.5)


def test_what_ends_the_process_is_kept_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """libFuzzer keeps what it sees, and nobody but us what takes it along."""

    def run(command: list[str], _seconds: int) -> tuple[str, int]:
        Path(command[4], "tried").write_bytes(b"(((")
        return "", 1

    monkeypatch.setattr(guided, "_run", run)
    for _ in range(2):
        assert len(search(TARGETS[0], 1, tmp_path).found) == 1
