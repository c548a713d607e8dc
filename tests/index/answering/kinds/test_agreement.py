"""Questions whether the documents agree on something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.answering.answer import Difference, Excerpt, Says
from index.answering.kinds.agreement import answer_agreement
from index.answering.scope import Findings
from index.document import Span

EXCERPT = Excerpt(1, "Tea is free.", "a.md", "Tea", (), None, Span(0, 12), "p", 1.0)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("do our documents agree on the curfew in Mongu?", "the curfew in Mongu"),
        ("Are there any contradictions about the swimming hall?", "the swimming hall"),
        ("do the briefs contradict each other on escorts", "escorts"),
        ("are the policies consistent about overtime?", "overtime"),
        ("any discrepancies regarding the crane limit?", "the crane limit"),
    ],
)
def test_the_thing_itself_is_asked(question: str, topic: str) -> None:
    asked: list[str] = []

    def ask(text: str) -> Findings:
        asked.append(text)
        return Findings()

    assert answer_agreement(question, ask, bool) is not None
    assert asked == [topic]


@pytest.mark.parametrize("question", ["do we agree on the price?", "which documents mention it?"])
def test_other_questions_are_none_of_these(question: str) -> None:
    assert answer_agreement(question, lambda _: pytest.fail("asked"), bool) is None


def test_it_says_that_nothing_differs_of_several_documents_alone() -> None:
    one, other = (replace(EXCERPT, document=name) for name in ("a.md", "b.md"))
    differing = (Difference("number", (one, other), ()),)

    def says(found: Findings, *, is_sure: bool = True) -> list[Says]:
        asked = "do our documents agree on tea?"
        answer = answer_agreement(asked, lambda _: found, lambda _: is_sure)
        assert answer is not None
        return [reply.says for reply in answer.replies]

    assert says(Findings(excerpts=(one, other))) == [Says.NO_DIFFERENCE]
    assert says(Findings(excerpts=(one, other)), is_sure=False) == []
    assert says(Findings(excerpts=(one,))) == []
    assert says(Findings(excerpts=(one, other), differences=differing)) == []
