"""Mentions of other documents: "version 3.0 of 2 June 2025", "the brief of 19 January"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.indexing.extraction.document_kinds import is_generic, kind_of
from index.indexing.extraction.naming import naming_of
from index.parsing.text.dates import dates_in
from index.store.successions.successions import Naming, Reach

_LONGEST = 260
_MOST_BEFORE = 9
"""Words before the noun: "the revised travel and security policy"."""

_FILE = re.compile(
    r"[`\"'“„«]?(?P<file>[^\W_][\w./ -]{0,120}\.(?:md|markdown|docx?|pdf|txt|html?|xlsx?|pptx?"
    r"|odt|ods|rtf|csv|eml|msg))(?![^\W_])",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"(?P<before>(?:[^\W\d_]+\s+){0,3})[\"“„«»‘](?P<title>[^\"“”„«»]{3,120})[\"”“»«’]"
)
_ARTICLE = re.compile(
    r"(?:the|our|its|their|an?|die|der|das|den|dem|des|unsere[nmrs]?|ihre[nmrs]?|den|det|de"
    r"|vår[et]?|våre)\s+",
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(r"(?:this|these|diese[rsnm]?|denne|dette|disse)\b", re.IGNORECASE)
_THAT = re.compile(
    r"(?:that|the one|those|the ones|die|den|dem|der|das|denjenigen|diejenige|jene[ns]?|det|den)\s+"
    r"(?:(?:issued|sent|published|circulated|adopted|approved|sendt|utgitt|vedtatt)\s+(?=on|of"
    r"|den)(?:on\s+)?)?(?=(?:of|from|dated|issued|vom|von|av|fra|datert|den)\b|\d)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d[\d.]*(?:st|nd|rd|th)?|[^\W\d_]+|[^\w\s]")
_LEADS_ON = frozenset(
    "of from dated issued published adopted for on about to in concerning regarding no nr number by"
    " vom von vom für über zu zur zum der des datert av fra til om for på med version versjon"
    " fassung ausgabe utgave edition revision rev v with".split()
)
"""Words that may come after the noun, and still belong to what names the document."""
_ENDS = frozenset(
    "and or which that who is are was were will has have had must shall applies effective entirely"
    " completely fully hereby since because when until so but as starting immediately wholly whole"
    " und oder welche welcher die ist sind wird wurde gilt ab seit mit vollständig sofort og eller"
    " som er blir ble gjelder helt straks".split()
)
_BEFORE_DATE = re.compile(
    r"(?:\s*\(\s*|\s*,\s*(?=of|dated|issued|vom|av|datert))?\s*(?:of|from|dated|issued(?: on)?"
    r"|published(?: on)?|vom|von|aus(?: dem jahr)?|datert|av|fra|den|the|as of|stand)?\s*"
    r"(?:the\s+|den\s+|dem\s+)?",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*(?:version|versjon|fassung|ausgabe|utgave|edition|rev|v\d)", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\s*(?:in\s+(?:its|their|full|whole|entirety)|with\s+(?:immediate\s+)?effect"
    r"|mit\s+(?:sofortiger\s+)?wirkung|med\s+(?:umiddelbar\s+)?virkning)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"\s*(?:(?:no|nr)\b\.?\s*)?(?:v\.?\s?)?\d{1,3}(?:\.\d{1,3}){0,3}(?![^\W_])", re.IGNORECASE
)
_NUMBER = re.compile(r"\s*[\w.]+\s*\)?")
_PREPOSITIONS = frozenset(
    "of in on at for from to by with about under over within into von vom in im an am auf für über"
    " mit bei aus zu zur zum av fra til om på i ved the der des dem".split()
)
_PARTS = frozenset(
    "section sections chapter chapters annex annexes appendix paragraph clause article table figure"
    " page pages anhang anlage abschnitt kapitel ziffer teil tabelle seite avsnitt kapittel vedlegg"
    " punkt del tabell side".split()
)
_NOT_VERSIONS = frozenset(
    "no none keine keinen keiner kein ingen printed paper hard online web digital pdf word english"
    " german norwegian french short long audio gedruckte gedruckten deutsche deutschen englische"
    " englischen norwegische norsk norske engelsk engelske tysk tyske trykte trykt papir kurze"
    " lange some parts part any every each another several".split()
)
_EARLIER = frozenset(
    "previous prior earlier former preceding older old existing last bisherige bisherigen"
    " bisheriger"
    " frühere früheren vorherige vorherigen vorige vorigen alte alten ältere älteren letzte letzten"
    " vorangegangene vorangegangenen forrige tidligere gamle eldre siste foregående".split()
)
_LATER = frozenset(
    "new newer later next following current latest revised updated neue neuen neuer neuere neueren"
    " aktuelle aktuellen nachfolgende nachfolgenden nächste nächsten ny nye nyere gjeldende neste"
    " oppdatert oppdaterte".split()
)
_ALL = frozenset("all any alle sämtliche sämtlichen every".split())
_PREDECESSOR = re.compile(
    r"(?:its|the|their|ihre[nr]?|seine[nr]?|die|den|sin|dens)?\s*(?:direct |immediate )?"
    r"(?:predecessors?|vorgänger(?:version|fassung)?(?:en)?|forgjenger(?:en)?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """What names another document in a text, up to `end`."""

    naming: Naming
    reach: Reach
    words: str
    end: int
    file: str = ""


def names_document(word: str) -> bool:
    """Return whether a word is the noun of a kind of document, or of any."""
    return is_generic(word) or kind_of(word) is not None


def without_article(text: str) -> str:
    """Return a text without the article that it begins with."""
    found = _ARTICLE.match(text)
    return text[found.end() :] if found else text


def mention_at(text: str) -> Mention | None:
    """Return the mention with which a text begins; None where it begins with something else."""
    text = text[:_LONGEST]
    start = len(text) - len(text.lstrip(" :|–—-\t"))
    body = text[start:]
    if _DEMONSTRATIVE.match(body):
        return None
    if found := _FILE.match(without_article(body)):
        words = found["file"].strip()
        offset = start + len(body) - len(without_article(body))
        name = words.lower().rpartition("/")[2]
        return Mention(Naming(), Reach.NAMED, words, offset + found.end(), name)
    if found := _PREDECESSOR.match(body):
        return Mention(Naming(), Reach.NEXT, found[0], start + found.end())
    if found := _QUOTED.match(body):
        end = _tail(body, found.end(), had_date=False)
        words = body[:end].strip(" ,.")
        naming = naming_of(f"{found['before']}{found['title']} {body[found.end() : end]}")
        return None if naming.is_empty else Mention(naming, Reach.NAMED, words, start + end)
    if found := _THAT.match(body):
        end = _tail(body, found.end(), had_date=False)
        naming = naming_of(body[found.end() : end])
        if not naming.dates or naming.words or naming.kinds:
            return None
        return Mention(naming, Reach.NAMED, body[:end].strip(" ,."), start + end)
    return _noun_phrase(body, start)


def _noun_phrase(body: str, start: int) -> Mention | None:
    end = _noun_end(body)
    if end is None:
        return None
    before = [word.lower() for word in re.findall(r"[^\W\d_]+", body[:end])]
    if not _NOT_VERSIONS.isdisjoint(before):
        is_all = before[0] in ("any", "every")
        if not is_all or not _NOT_VERSIONS.isdisjoint(before[1:]):
            return None
    end = _tail(body, end, had_date=False)
    words = body[:end].strip(" ,.")
    naming = naming_of(words)
    is_relative = not _EARLIER.isdisjoint(before) or not _LATER.isdisjoint(before)
    is_all = bool(before) and before[0] in _ALL
    if naming.version or naming.dates:
        reach = Reach.NAMED
    elif is_all:
        reach = Reach.ALL
    elif is_relative:
        reach = Reach.NEXT
    elif naming.words:
        reach = Reach.NAMED
    else:
        return None
    return Mention(naming, reach, words, start + end)


def _noun_end(body: str) -> int | None:
    """Return where the noun ends that says which kind of document is mentioned."""
    tokens = list(_TOKEN.finditer(body[:200]))
    for place, token in enumerate(tokens[: _MOST_BEFORE + 1]):
        word = token[0].lower()
        if word in _PARTS or (place and word in _PREPOSITIONS):
            return None
        if not word[0].isalnum():
            if word in "-/&" and place:
                continue
            return None  # "the manager's plan" is somebody's
        if word in _ENDS and word not in ("and", "und", "og", "die") and place:
            return None
        if not names_document(word):
            continue
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if following is None or _may_follow(following[0], body[token.end() :]):
            return token.end()
    return None


def _may_follow(word: str, rest: str) -> bool:
    """Return whether a word may come after the noun of a mention, so that it is its last one."""
    low = word.lower()
    if not low[0].isalpha():
        return low not in "-/&'’"
    if low in _LEADS_ON or low in _ENDS or low in _PREPOSITIONS or len(low) == 1:
        return True
    if word[0].isupper() and not names_document(low):
        return True  # "die Richtlinie Reisen"
    dates = dates_in(rest[:40])
    return bool(dates) and dates[0].start <= len(rest) - len(rest.lstrip())


def _tail(body: str, end: int, *, had_date: bool) -> int:
    """Return where the mention ends whose noun ends at `end`."""
    has_version = False
    dates = {date.start: date for date in dates_in(body)}
    if (version := _VERSION.match(body, end)) and _number_at(body, end) not in dates:
        end, has_version = version.end(), True
    while end < len(body):
        lead = _BEFORE_DATE.match(body, end)
        assert lead is not None
        if has_version and lead[0].split()[:1] in (["from"], ["fra"]):
            return end  # from then on it is replaced
        if (date := dates.get(lead.end())) and not had_date and lead.end() > end:
            end, had_date = date.end, True
            if body[end : end + 1] == ")":
                end += 1
            continue
        token = _TOKEN.search(body, end)
        if token is None:
            return len(body)
        word = token[0].lower()
        if word in ",(":
            if found := _COMMA.match(body, token.end()):
                version = _NUMBER.match(body, found.end())
                end = version.end() if version else found.end()
                continue
            return end
        if not word[0].isalnum() and word not in "-/&'’":
            return end
        if word in _ENDS or _NO_NAME.match(body, end) or (had_date and word in _PREPOSITIONS):
            return end
        if had_date and word[0].isalpha() and word not in _LEADS_ON:
            return end
        is_followed = any(0 < start - token.end() <= len(" the ") for start in dates)
        if word in ("from", "on", "am", "fra") and (word != "on" or is_followed):
            return end
        had_date = had_date or (len(word) == 4 and word.isdigit())
        end = token.end()
    return end


def _number_at(body: str, end: int) -> int:
    return end + len(body[end:]) - len(body[end:].lstrip())
