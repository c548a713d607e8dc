"""Tells whether a question is in another language than English, by its words of grammar.

Only sure cases are told: a name or a borrowed word in an English question is no other language.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from index.rewriting.english import GRAMMAR
from index.store.words.lexical import STOP_WORDS
from index.text import words_of

# Words of grammar that are no English words; those that ask first, up to the bar.
_WORDS = {
    "cs": "kdo kde kdy jak proč kolik jaký jaká jaké která který | je jsou není bylo nebo pro"
    " při od ze se si tento tato toto ten ta už mezi podle",
    "da": "hvem hvad hvor hvornår hvorfor hvordan hvilke hvilken hvilket | er og ikke med til"
    " af på som har skal kan det det jeg vi hvis eller også efter om fra må bliver siger",
    "de": "wer wie wo wann warum wieso weshalb wieviel welche welcher welches welchen wohin"
    " woher kostet darf darfst dürfen dürft | ist sind wird werden wurde wurden das der"
    " dem des ein eine einen einem einer eines und oder nicht mit von zum zur auf für über"
    " unter nach bei aus kann können muss müssen soll sollen brauche brauchen braucht gibt"
    " es ich wir sie haben hatte viel viele gilt laut im vom beim ob dass auch noch dauert"
    " bekomme bekommt beträgt",
    "es": "quién quien quiénes cuándo cuando dónde donde cuál cuáles cuánto cuántos cuánta"
    " cuántas cuanto cuantos cómo porqué | qué que es son está están fue fueron hay el los"
    " las del una uno por para con sin sobre según y se su sus como más puede pueden debe"
    " tiene tienen hasta desde entre cual en al lo",
    "fi": "kuka mikä missä milloin miksi miten kuinka paljonko mitä ketkä mitkä | on ovat oli"
    " ja tai ei että se ne tämä saa voi pitää ennen jälkeen kanssa myös jos",
    "fr": "qui quoi quand où pourquoi comment combien quel quelle quels quelles lequel laquelle"
    " | est sont était sera ont le les la des du une et ou avec sans sur sous dans pour"
    " par que il elle ils nous vous je au aux ce cette ces son sa ses leur selon peut doit"
    " faut pas ne en entre",
    "hu": "ki mikor hol miért hogyan hány mennyi melyik milyen mit | az egy és nem van vannak"
    " volt lehet kell hogy vagy szerint között",
    "it": "chi quando dove perché quanto quanti quanta quante quale quali qual cosa | è sono"
    " era il lo gli della delle dei degli del di una uno per con su tra fra e non che si"
    " può deve ha hanno nel nella nelle al alla secondo come",
    "nl": "wie waar wanneer waarom hoe hoeveel welke welk wat | is zijn wordt worden werd het"
    " een de der van voor met naar bij uit niet en of er kan mag moet moeten ik wij hebben"
    " heeft volgens tussen ook dat dit deze",
    "no": "hvem hva hvor når hvorfor hvordan hvilke hvilken hvilket koster | er og ikke med til"
    " av på som har skal kan det den jeg vi hvis eller også etter fra må blir sier hos ble"
    " ved om dette hver innen noen mitt vår få får",
    "pl": "kto gdzie kiedy dlaczego jak ile jaki jaka jakie który która które | co jest są był"
    " była było i oraz lub nie na w z do od dla przy się czy że po przez można należy ma"
    " mają według między",
    "pt": "quem quando onde quanto quantos quanta quantas qual quais como porquê | que é são"
    " está foi foram há o os as do da dos das no na nos nas um uma por para com sem sobre"
    " e ou não se seu sua pode deve tem têm até desde entre ao",
    "ro": "cine când unde cum câte câți cât care ce | este sunt era au și sau nu cu la din"
    " pentru pe de în să se un o al ale după între poate trebuie",
    "sv": "vem vad var när varför hur vilka vilken vilket | är och inte med till av på som har"
    " ska skall kan det den jag vi om eller också efter från får måste blir säger hos en"
    " ett för",
    "tr": "kim ne nerede nereye nasıl neden niçin kaç hangi kimin | ve ile için mi mı mu mü bir"
    " bu şu var yok olan olarak gibi daha göre değil midir mıdır",
}
_SCRIPTS = {
    "ARABIC": "ar",
    "CJK": "zh",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
    "GREEK": "el",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "THAI": "th",
}
_UKRAINIAN = frozenset("іїєґ")
_IN_NAMES = frozenset(
    "al da das de del della dem der des di do dos du e el en i il is la las le les lo los na no o"
    " of on os se son un una van von y".split()
)
"""They stand in names and phrases that English borrows; alone they tell nothing."""
_ASKING, _GRAMMATICAL = 2, 1
_LEAST = 2
_LONG = 5
"""Letters."""
_LEAST_SHARE = 0.3

LANGUAGES = frozenset(_WORDS) | frozenset(_SCRIPTS.values()) | {"en", "uk"}
"""The languages that are told, by their code in ISO 639-1."""


def _table() -> Mapping[str, Mapping[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for language, words in _WORDS.items():
        asking, _, others = words.partition("|")
        for weight, listed in ((_GRAMMATICAL, others), (_ASKING, asking)):
            for word in listed.split():
                if word not in _ENGLISH:
                    table.setdefault(word, {})[language] = weight
    return table


_ENGLISH = GRAMMAR | STOP_WORDS | frozenset("era ha hat hay man not pro sin some sole van".split())
_TABLE = _table()


def grammar_of(language: str) -> frozenset[str]:
    """Return the words of grammar of a language, those that ask among them."""
    return frozenset(_WORDS.get(language, "").split()) - {"|"}


def language_of(question: str) -> str | None:
    """Return the language of a question that is surely not in English, by its code; else None."""
    return _script_of(question) or _language(words_of(question), _LEAST_SHARE)


def _language(words: Sequence[str], least: float) -> str | None:
    """Return the language that words of grammar tell, at least this share of all words."""
    found = Counter[str]()
    told = Counter[str]()
    for word in words:
        for language, weight in _TABLE.get(word, {}).items():
            found[language] += weight
            told[language] += word not in _IN_NAMES
    english = sum(word in _ENGLISH for word in words)
    if not found:
        return None
    language = max(found, key=lambda language: (found[language], told[language], language))
    weight = found[language]
    sure = weight >= _LEAST and weight > english and weight >= least * len(words)
    return language if sure and told[language] else None


def language_beside(words: Collection[str], texts: Iterable[str]) -> str | None:
    """Return the language of the first text that has one of these words, if it surely is one.

    It is that of words which tell none themselves: of "Kernarbeitszeit?" in a German text. Words
    of less than five letters stand in many languages, and a longer one may have an ending there.
    """
    begins = tuple(word for word in words if len(word) >= _LONG)
    for text in texts if begins else ():
        if any(word.startswith(begins) for word in words_of(text)):
            return _script_of(text) or _language(words_of(text), 0)
    return None


def _script_of(question: str) -> str | None:
    """Return the language of a script that most letters of the question are in, but not Latin."""
    letters = [letter for letter in question if letter.isalpha()]
    scripts = Counter(
        _SCRIPTS.get(
            unicodedata.name(letter, "").split()[0] if unicodedata.name(letter, "") else ""
        )
        for letter in letters
        if not letter.isascii()
    )
    del scripts[None]
    if not scripts or sum(scripts.values()) * 2 <= len(letters):
        return None
    if scripts["ja"]:
        return "ja"
    if scripts.most_common(1)[0][0] == "ru" and _UKRAINIAN & set(question.lower()):
        return "uk"
    return scripts.most_common(1)[0][0]


_ONLY_ENGLISH = (GRAMMAR | STOP_WORDS) - frozenset(
    "an am die for har i in man so to was wo".split()
)
"""Words of English grammar that are none of these languages."""


def language_among(question: str, texts: Iterable[str]) -> str | None:
    """Return the language of the texts that a few words were found in, none of which is English."""
    words = words_of(question)
    return (
        None if _ONLY_ENGLISH.intersection(words) else language_beside(words, dict.fromkeys(texts))
    )
