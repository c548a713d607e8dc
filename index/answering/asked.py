"""The question as it is understood: what its message asks, completed by its conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.answering.excerpts.surroundings import Surroundings
from index.answering.kinds.talk.talk import Talk
from index.rewriting import FollowUpKind, Rewritten, Turn
from index.rewriting.tokens import after_question


@dataclass(frozen=True, slots=True, eq=False)
class AskedQuestion:
    """A question as it is understood, and the conversation that it may follow up.

    `talk` is its message, with small talk apart. `rewritten` is the rest of it, completed by the
    `conversation`, and `spelled` the same with its spelling corrected. `searched` is that without
    its politeness. `context` is what the conversation has shown.
    """

    talk: Talk
    rewritten: Rewritten
    spelled: str
    searched: str
    conversation: Sequence[Turn]
    context: Surroundings

    @property
    def typed(self) -> str:
        """Return the question as it was typed, without small talk."""
        return self.talk.rest

    @property
    def asked_before(self) -> str:
        """Return the question before it; there must be one."""
        return self.conversation[-1].question

    @property
    def with_topic(self) -> str:
        """Return the question as it was typed after the one before it; there must be one."""
        return after_question(self.asked_before, self.typed)

    @property
    def wants_more_of_nothing(self) -> bool:
        """Return whether more is asked for where nothing was said that one may want more of."""
        is_more = self.rewritten.follow_up is FollowUpKind.MORE
        return is_more and not self.context.goes_on(self.conversation[-1])
