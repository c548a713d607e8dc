"""Questions whether the documents agree on something: asked as a question on that thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from index.answering.answer import Reply, Says
from index.answering.scope import Findings
from index.answering.understanding.forms import Form

_LONGEST = 200
_WORDS = {
    "DOCS": "documents?|docs?|files?|briefings?|briefs?|papers?|sources?|policies|reports?",
    "SUCH": "contradictions?|conflicts?|discrepancy|discrepancies|inconsistency|inconsistencies",
    "OUR": "our|the|your|my|all our|all the|all|these",
}
_AGREEMENT = Form(
    """
    do [OUR] DOCS (agree|disagree|differ|conflict|contradict each other|say the same)
        (on|about|over|regarding|as to|for) <topic>
    do [OUR] DOCS contradict (each other|one another|themselves) [on|about|over|regarding] <topic>
    are [OUR] DOCS (consistent|in agreement|at odds) (on|about|over|regarding) <topic>
    (are there|is there|do you see|do we have) [any|a] SUCH
        (on|about|over|regarding|concerning) <topic>
    (any|which|what) SUCH (on|about|over|regarding|concerning) <topic>
    """,
    _WORDS,
)


def answer_agreement(
    question: str, ask: Callable[[str], Findings], is_sure: Callable[[Findings], bool]
) -> Findings | None:
    """Return what is found on the thing itself, and whether it differs; None for other questions.

    That nothing differs is said of several documents alone, and where they surely speak of it.
    """
    if len(question) > _LONGEST:
        return None
    typed = " ".join(question.split()).rstrip("?!. ")
    topic = next((found["topic"] for found in _AGREEMENT.match(typed) if "topic" in found), None)
    if topic is None:
        return None
    found = ask(topic)
    documents = {each.document for each in found.excerpts}
    if found.differences or len(documents) < 2 or not is_sure(found):
        return found
    return replace(found, replies=(Reply(Says.NO_DIFFERENCE), *found.replies))
