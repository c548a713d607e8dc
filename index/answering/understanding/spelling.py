"""Corrects the spelling of a question by the words of the passages that may be seen."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection

from index.answering.tuning import Tuning
from index.answering.understanding.language import language_of
from index.english_words import listed_words
from index.errors import ModelUnavailable
from index.models.registry import PACKAGED_READER, model_directory
from index.ports import Filter
from index.rewriting.english import SHORTENED, TYPED
from index.store.catalog.catalog import Catalog
from index.store.words.lexical import STOP_WORDS
from index.store.words.name_index import name_terms
from index.store.words.tokens import tokens_of
from index.text import WORD

_IN_CHATS = SHORTENED | {
    slip: word for slip, word in TYPED.items() if len(slip) > 2 and "'" not in word
}
_PREFIXES = (
    "anti co counter de dis extra in inter mis non over post pre re semi sub un under".split()
)
_SUFFIXES = "d ed es ing ly s".split()
_CONTRACTED = frozenset(
    "arent couldnt didnt doesnt dont hadnt hasnt havent hows isnt shouldnt thats theres theyre"
    " wasnt werent whats whens wheres whos wont wouldnt youre".split()
)


_MOST_UNKNOWN = 12
"""Words of a message that are looked up to tell whether it says anything."""
_FOREIGN_FROM = 4
"""Words that nobody knows, from which on, if they are most of a question, it is not in English."""


class Speller:
    """Corrects words that neither a passage holds nor English knows.

    A known word is left alone even if no passage holds it: someone who asks about Iraq must get no
    answer from passages about Iran.
    """

    def __init__(self, known: Collection[str]) -> None:
        """Take the known words, in lower case."""
        self._known = frozenset(known) | STOP_WORDS | _CONTRACTED

    def corrected(
        self,
        question: str,
        catalog: Catalog,
        tuning: Tuning,
        allowed: Filter | None = None,
        names: Collection[str] | None = None,
    ) -> str:
        """Return the question with each mistyped word as the passages write it.

        A question in another language stays as it is, since what is right there looks mistyped
        here. With `allowed`, all other passages are ignored as if they did not exist; `names`
        are those of their documents.
        """
        if language_of(question):
            return question
        question = self._written_out(question, catalog, allowed)
        typed = list(dict.fromkeys(WORD.findall(question)))[: tuning.spelled_words]
        named = catalog.name_index()
        seen = named.visible_mask(() if names is None and allowed is not None else names)
        suspects = [
            word
            for word in typed
            if self._is_suspect(word, catalog, tuning, allowed)
            and not any(len(named.named(term, seen)) for term in name_terms(word))
        ]
        if len(suspects) >= _FOREIGN_FROM and 2 * len(suspects) > len(typed):
            return question
        corrections = {word: self._correction(word, catalog, tuning, allowed) for word in suspects}
        return WORD.sub(lambda match: corrections.get(match[0], match[0]), question)

    def foreign(self, question: str) -> list[str]:
        """Return the words that English does not know, in lower case, if most are none of English.

        Names are known. Abbreviations, figures and words of two letters are of every language.
        """
        typed = [word for word in WORD.findall(question) if word.isalpha() and len(word) > 2]
        words = [word.lower() for word in typed if not word.isupper()]
        foreign = [word for word in words if not self._is_known(word)]
        is_english = 2 * len(foreign) < len(words) or not STOP_WORDS.isdisjoint(words)
        return [] if is_english else foreign

    def knows_none(
        self,
        question: str,
        catalog: Catalog,
        names: Collection[str] | None = None,
        allowed: Filter | None = None,
    ) -> bool:
        """Return whether no word of a question is one of English, of a passage or of a name.

        A question in another language that is recognised has words, if none that are known here.
        """
        typed = WORD.findall(question)
        if not typed or language_of(question):
            return False
        named = catalog.name_index()
        seen = named.visible_mask(() if names is None and allowed is not None else names)
        return not any(
            self._is_known(word.lower())
            or catalog.document_frequency(word.lower(), allowed)
            or any(len(named.named(term, seen)) for term in name_terms(word))
            for word in typed[:_MOST_UNKNOWN]
        )

    def _written_out(self, question: str, catalog: Catalog, allowed: Filter | None) -> str:
        """Return the question with the short forms of chats written out that no passage has."""

        def word(match: re.Match[str]) -> str:
            written = _IN_CHATS.get(match[0])
            if written is None or catalog.document_frequency(match[0], allowed):
                return match[0]
            return written

        return WORD.sub(word, question)

    def _is_suspect(
        self, typed: str, catalog: Catalog, tuning: Tuning, allowed: Filter | None
    ) -> bool:
        """Return whether neither English nor a passage knows a word."""
        word = typed.lower()
        return not (
            len(word) < tuning.shortest_corrected
            or not word.isalpha()
            or (typed.isupper() and not typed.islower())
            or self._is_known(word)
            or catalog.document_frequency(word, allowed)
        )

    def _correction(
        self, typed: str, catalog: Catalog, tuning: Tuning, allowed: Filter | None
    ) -> str:
        word = typed.lower()
        # A name with two other letters is another name.
        edits = 2 if len(word) >= tuning.two_edits_from and not typed[0].isupper() else 1
        near = {
            other: distance
            for other, distance in catalog.similar_words(word, edits, allowed).items()
            # "havy" is no "have": of small words, letters are rather swapped than others.
            if other not in STOP_WORDS or sorted(other) == sorted(word)
        }
        for distance in range(edits + 1):
            written = {
                other: forms
                for other in near
                if near[other] == distance and other.isalpha()
                if (forms := catalog.written(other, allowed))
            }
            if written:
                stems = Counter(
                    {tokens_of(w): catalog.document_frequency(w, allowed) for w in written}
                )
                (stem, most), *others = stems.most_common(2)
                is_shortest = len(word) <= tuning.shortest_corrected
                if others and (is_shortest or most < tuning.spelling_majority * others[0][1]):
                    return typed
                forms = sum((written[w] for w in written if tokens_of(w) == stem), Counter[str]())
                form = _as_typed(typed, forms)
                # The first letter is seldom mistyped; a short word with another is another word.
                is_likely = distance < 2 and not is_shortest
                return form if is_likely or form[0].lower() == word[0] else typed
        return typed

    def _is_known(self, word: str) -> bool:
        known = self._known
        return (
            word in known
            or any(word.startswith(p) and word.removeprefix(p) in known for p in _PREFIXES)
            or any(word.endswith(s) and word.removesuffix(s) in known for s in _SUFFIXES)
        )


def _as_typed(typed: str, forms: Counter[str]) -> str:
    """Return the usual form of a word, with a capital where the typed word has one.

    A form in lower case is preferred: at the start of a sentence every word has a capital.
    """
    form = max(forms, key=lambda form: (form.islower(), forms[form]))
    return form[0].upper() + form[1:] if typed[0].isupper() else form


def english_words() -> frozenset[str]:
    """Return English words and names: a word list, and the vocabulary of the reader's tokenizer.

    Raises ModelUnavailable where the word list is not installed.
    """
    listed = listed_words()
    if not listed:
        raise ModelUnavailable(
            "for spelling", "the package symspellpy is not installed", "Run `make setup`."
        )
    tokenizer = json.loads((model_directory(PACKAGED_READER) / "tokenizer.json").read_bytes())
    return listed.union(tokenizer["model"]["vocab"])
