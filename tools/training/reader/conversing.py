"""Follow-ups as the reader gets them: completed by the conversation before them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from index.document import Span
from index.rewriting import Turn, rewrite
from index.rewriting.tokens import after_question
from tools.training.reader.loading import TrainingQuestion, TrainingSet


@dataclass(frozen=True, slots=True)
class _Shown:
    """Gold of an earlier question, as what was shown for it."""

    document: str
    span: Span
    quote: str
    title: str = ""
    heading: tuple[str, ...] = ()


def completing(chosen: TrainingSet) -> Callable[[TrainingQuestion, bool], str]:
    """Return what completes a question of a set by the questions before it, as the engine does.

    Its second argument says whether the question before is put before it, as the engine does where
    the question may mean that topic, in place of the words that it lacks. The gold of the earlier
    questions stands for what was shown for them.
    """
    first: dict[str, TrainingQuestion] = {}
    for question in chosen.questions:
        first.setdefault(question.question, question)

    def completed(question: TrainingQuestion, with_topic: bool) -> str:
        turns: list[Turn] = []
        for earlier in question.previous:
            known = first.get(earlier)
            shown = _shown(known, chosen.texts) if known else ()
            turns.append(Turn(rewrite(earlier, turns).question, shown))
        if turns and with_topic:
            return after_question(turns[-1].question, question.question)
        return rewrite(question.question, turns).question

    return completed


def _shown(question: TrainingQuestion, texts: dict[str, str]) -> tuple[_Shown, ...]:
    document = question.document
    return tuple(_Shown(document, span, span.of(texts[document])) for span in question.gold)
