"""The subject of two clauses: whether they are of the same, and not of two of a kind."""

from __future__ import annotations

from index.claims.clause import Clause, Reading
from index.claims.words import LIGHT, MOST_UNSHARED, SITE_RULES

_RULE = 2
"""Terms that a rule has at least, such as "curfew" and "weekdays"."""
_FEW = 3
"""Shared terms with which a statement tells by itself what it is about."""


class _Pair:
    """Two clauses with what stands above each, and the terms of a question that both answer.

    `only` are the terms of the one that nothing says of the other, `shared` all the rest. `heavy`
    and `weighty` are those of `only` and `shared` that are not light.
    """

    def __init__(
        self, one: Clause, other: Clause, first: Reading, second: Reading, asked: frozenset[str]
    ) -> None:
        self.one, self.other, self.asked = one, other, asked
        self.above, self.above_other = first.context, second.context
        self.is_of_one_document = first.statement.document == second.statement.document
        said = one.terms | self.above.terms | asked
        said_other = other.terms | self.above_other.terms | asked
        self.only, self.only_other = one.terms - said_other, other.terms - said
        self.heavy, self.heavy_other = self.only - LIGHT, self.only_other - LIGHT
        self.shared = (one.terms & said_other) | (other.terms & said)
        self.weighty = self.shared - LIGHT
        self.heads = frozenset({one.head, other.head} - {""})
        self.said_of_both = said & said_other

    @property
    def are_sentences(self) -> bool:
        return self.one.form == self.other.form == "sentence"


def same_subject(
    one: Clause, other: Clause, first: Reading, second: Reading, asked: frozenset[str]
) -> bool:
    """Return whether two clauses say something of the same. In doubt they do not."""
    pair = _Pair(one, other, first, second, asked)
    if _lacks_what_is_asked(pair) or _has_other_terms(pair) or _is_in_other_order(pair):
        return False
    if pair.is_of_one_document:
        return _is_said_twice(pair)
    if _has_other_head(pair):
        return False
    is_rule = _is_same_rule(one, other)
    if is_rule and one.form == "field":
        return _may_be_of_the_same(pair)
    if _are_both_asked_for(pair):
        return True
    return _may_be_of_the_same(pair) if is_rule else _is_told(pair)


def _lacks_what_is_asked(pair: _Pair) -> bool:
    """Return whether "the next drill" is asked for, and one is of "the next delivery"."""
    one, other, asked = pair.one, pair.other, pair.asked
    lacking = (one.terms & asked) - other.terms - pair.above_other.terms - LIGHT
    lacking_other = (other.terms & asked) - one.terms - pair.above.terms - LIGHT
    return bool((lacking and pair.heavy_other) or (lacking_other and pair.heavy))


def _has_other_terms(pair: _Pair) -> bool:
    """Return whether one clause has terms of its own that make it one of something else.

    A name does, and so does any weighty term of a row, one beside one of the other clause, and too
    many of them.
    """
    one, other = pair.one, pair.other
    if (pair.only | pair.only_other) & (one.names | other.names):
        return True
    unsaid = one.terms - other.terms - pair.above_other.terms
    unsaid_other = other.terms - one.terms - pair.above.terms
    if one.form == other.form == "row" and (unsaid | unsaid_other) - LIGHT:
        return True
    if not one.terms & other.terms or (pair.heavy and pair.heavy_other):
        return True
    return len(pair.heavy | pair.heavy_other) > (1 if len(pair.shared) < _FEW else MOST_UNSHARED)


def _is_in_other_order(pair: _Pair) -> bool:
    """Return whether the names of both stand in another order, as "from Karsk to Velin"."""
    one, other = pair.one.order, pair.other.order
    here, there = set(one), set(other)
    return [x for x in one if x in there] != [x for x in other if x in here]


def _is_said_twice(pair: _Pair) -> bool:
    """Return whether two sentences of one document have the same terms, enough to stand alone."""
    one, other = pair.one, pair.other
    return (
        bool(one.tense and other.tense)
        and pair.are_sentences
        and not (one.is_pointing or other.is_pointing)
        and not (pair.only | pair.only_other)
        and len(pair.weighty) >= _FEW
    )


def _has_other_head(pair: _Pair) -> bool:
    """Return whether the subjects differ, or one is named by another sentence, as "it" is."""
    if pair.heads - pair.said_of_both:
        return True
    is_pointing = pair.one.is_pointing or pair.other.is_pointing
    title, title_other = pair.above.title, pair.above_other.title
    return is_pointing and not (title and title == title_other)


def _are_both_asked_for(pair: _Pair) -> bool:
    """Return whether both are of what the question asks for, and of nothing beside it."""
    is_asked = bool(pair.weighty & pair.asked) and pair.heads <= pair.asked
    return is_asked and not (pair.heavy | pair.heavy_other)


def _is_told(pair: _Pair) -> bool:
    """Return whether the clauses, with what stands above them, tell that they are of the same."""
    above, above_other, asked = pair.above, pair.above_other, pair.asked
    titles_agree = above.title & (above_other.title | asked) or above_other.title & asked
    is_brief = pair.one.is_brief and pair.other.is_brief and above.title and above_other.title
    if is_brief and not titles_agree and not pair.heads & asked:
        return False
    if pair.are_sentences and not (pair.weighty or pair.one.is_pointing or pair.other.is_pointing):
        return False  # "Valid from 1 May" names nothing that it is of
    if len(pair.weighty) >= _FEW and pair.are_sentences:
        return True
    if not _share_matter(pair):
        return False
    is_headed_alike = bool(above.terms & above_other.terms)
    if not (pair.only | pair.only_other):
        return len(pair.shared) >= 2 or is_headed_alike
    return len(pair.weighty) >= 2 or (bool(pair.weighty) and is_headed_alike)


def _is_same_rule(one: Clause, other: Clause) -> bool:
    """Return whether two clauses state a rule in the same words: "The curfew begins at 22:00",
    "Curfew: 20:00 to 5:00" or "Visitor badges are valid for 12 hours"."""
    if (one.form, one.tense, one.order, one.terms) != (
        other.form,
        other.tense,
        other.order,
        other.terms,
    ):
        return False
    are_hours = all([a.dimension for a in each.amounts] == ["clock"] for each in (one, other))
    if one.form == "field":
        return are_hours and one.terms in SITE_RULES
    if one.form != "sentence" or one.tense != "present":
        return False
    is_general = one.is_general and other.is_general and len(one.terms - LIGHT) >= _RULE
    return is_general or (are_hours and len((one.terms | one.scopes) - LIGHT) >= _RULE)


def _may_be_of_the_same(pair: _Pair) -> bool:
    """Return whether what stands above two rules in the same words names no two sites, teams or
    things. Above fields, which say less, none or the same must be named."""
    above, above_other = pair.above, pair.above_other
    said = pair.one.terms | pair.asked
    subject, subject_other = above.subject - said, above_other.subject - said
    if not (subject and subject_other):
        return pair.one.form == "sentence" or not subject | subject_other
    shared = subject & subject_other
    if shared and above.heading & subject and above_other.heading & subject_other:
        return bool(shared & (above.heading | above_other.heading))
    return bool(shared)


def _share_matter(pair: _Pair) -> bool:
    """Return whether what stands above two short statements is of the same."""
    above, above_other, asked = pair.above, pair.above_other, pair.asked
    is_line = "sentence" not in (pair.one.form, pair.other.form)
    are_both_headed = bool(above.heading and above_other.heading)
    if is_line and are_both_headed and not above.heading & (above_other.terms | asked):
        return False
    if not above.terms or not above_other.terms:
        return True
    return bool(above.terms & (above_other.terms | asked)) or bool(above_other.terms & asked)
