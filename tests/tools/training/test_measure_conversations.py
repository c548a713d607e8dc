"""Follow-ups are held and measured, without and with answers."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from tools.training import measure_conversations
from tools.training.measure_conversations import Found, hold, load, report


def test_all_of_one_half_is_measured_without_an_engine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["measure", "--no-engine", "--half", "development"])
    measure_conversations.main()
    shown = capsys.readouterr().out
    assert shown.startswith("\n## development: ")
    (carried,) = [line for line in shown.splitlines() if line.startswith("carry: accuracy")]
    assert float(carried.split()[2]) > 0.9


def test_answers_are_compared_with_those_to_the_gold_question(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (conversation, *_) = load("development", with_briefing=True)
    missed, right = Found(False, 0.0, False), Found(True, 1.0, True)
    follow_ups = [
        replace(one, typed=missed, carried=right, gold=right) for one in hold(conversation, None)
    ]
    report("development", follow_ups, with_engine=True)
    shown = capsys.readouterr().out
    assert "doc@1, typed" in shown
    assert "gold - rewritten" in shown
