"""A follow-up made into a question that stands alone, with the words of its conversation.

"and how large would it be?" after "what roles would Norway's force take" is understood as "how
large would Norway's force be?". No model is asked. Read `understanding` for the rules, `gaps` for
pronouns, `replacing` for "what about Sweden?".
"""

from index.rewriting.rewrite import understand
from index.rewriting.turns import Cited, Turn, Understood

__all__ = ["Cited", "Turn", "Understood", "understand"]
