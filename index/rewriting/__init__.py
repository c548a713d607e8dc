"""Makes a follow-up into a question that stands alone, with the words of its conversation.

"and how large would it be?" after "what roles would Norway's force take" becomes "how large would
Norway's force be?". No model is used. `follow_up` has the rules, `references` resolves pronouns,
and `fragments` and `substitution` handle "what about Sweden?".
"""

from index.rewriting.follow_up import rewrite
from index.rewriting.reactions import rejects
from index.rewriting.references import lacks_all
from index.rewriting.turns import Cited, FollowUpKind, Rewritten, Turn

__all__ = ["Cited", "FollowUpKind", "Rewritten", "Turn", "lacks_all", "rejects", "rewrite"]
