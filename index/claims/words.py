"""Words that decide whether two statements are of the same: light ones, limits and synonyms."""

from __future__ import annotations

from index.store.words.lexical import STOP_WORDS
from index.store.words.tokens import tokens_of
from index.text import WORD, keep_of_short


def stem(word: str) -> str:
    """Return the stem of a word, that of its synonyms where there are some."""
    found = " ".join(tokens_of(word))
    return _SAME.get(found, found)


def _stems(words: str) -> frozenset[str]:
    return frozenset(" ".join(tokens_of(word)) for word in words.split())


_SYNONYMS = (
    "phone telephone mobile call tel",
    "staff employees personnel workers colleagues",
    "vehicle car",
    "lorry truck",
    "annual yearly",
    "start begin commence starts began",
    "end finish",
    "need require needs required requires requirement necessary",
    "permit allow allowed permitted authorised authorized",
    "forbidden prohibited banned",
    "mandatory compulsory obligatory",
    "cost price fee costs charge",
    "pay paid",
    "buy purchase bought",
    "participant attendee",
    "deadline due",
    "leave depart departure departs",
    "arrive arrival arrives",
    "lead head leads led heads",
    "manager leader",
    "contact",
    "maximum max",
    "minimum min",
    "people persons individuals person",
    "limit cap ceiling",
    "backup back-up",
    "inspect check inspected inspection checked",
    "keep retain store kept stored retained",
    "replace change renew replaced changed",
    "approve sign approved signed approves signs",
    "holiday leave",
    "guest visitor",
    "meeting meet meets",
    "located based",
    "capacity hold holds seat seats accommodate",
    "temperature",
    "speed",
    "weigh weight weighs mass",
    "area surface",
    "children kids",
    "reach reached",
    "train trained training",
    "budget",
    "hire recruit",
    "send submit sent submitted hand",
    "reply respond answer response",
    "last take takes lasts",
)
_SAME = {
    each: sorted(_stems(words), key=lambda one: (len(one), one))[0]
    for words in _SYNONYMS
    for each in _stems(words)
}
SITE_RULES = frozenset(
    frozenset(map(stem, words.split()))
    for words in (
        "curfew", "curfew hours", "curfew times", "core hours", "core working hours", "quiet hours",
        "portforbud", "kjernetid", "ausgangssperre", "kernzeit", "ruhezeit",
    )
)  # fmt: skip
"""Labels of hours that hold for all of a site or team, whichever of its documents states them."""
LIGHT = frozenset(
    map(
        stem,
        "also always currently now still only just both already please note total amount number"
        " size level value stand take get give make have hold last run come go need set fix use"
        " provide offer include contain consist comprise employ serve remain stay apply count work"
        " see say state sum available present per each day every all must shall should can may will"
        " would strictly exactly altogether overall normally generally usually according follow"
        " following new then there here please kindly today whole entire full own site place equal"
        " measure currently well carry begin receive require serve keep agreed agree decided decide"
        " valid long much many exact general standard regular usual about around approximately up"
        " least most than more less over under within almost nearly some roughly".split(),
    )
)
"""Words without which a statement is of the same, mostly."""
MOST_UNSHARED = 2
"""Other words that one of two statements of the same may have beyond the other."""
UNSAID = frozenset(
    "example e.g. eg instance suppose imagine hypothetically sample fictional might perhaps"
    " possibly maybe rumour reportedly allegedly unclear unknown tbd tbc placeholder".split()
)
"""Words of statements that do not claim what they say."""
OF_DOCUMENTS = frozenset(
    map(
        stem,
        "document plan brief briefing report manual guide policy note notes minutes handbook"
        " procedure overview summary readme faq page file text list sheet table annex appendix"
        " version draft final section chapter introduction general information info background"
        " details update memo instruction instructions rules guidelines sop checklist description"
        " for and the of new staff our team"
        " message mail letter re fw fwd summary key facts figures md txt pdf".split(),
    )
)
"""Words of titles that do not tell what a document is about."""
OF_ALL = (
    OF_DOCUMENTS
    | LIGHT
    | _stems(
        "security safety arrival welcome onboarding orientation movement information practical pack"
        " folder book card house field guest life living working work time hours day daily weekly"
        " everyday conduct order orders question questions answer answers contact contacts"
        " important at by in on to with us me you something anything everything nothing"
        " sikkerhet sikkerhetsrutine rutine velkommen håndbok husregler instruks informasjon til"
        " sicherheit hausordnung ordnung handbuch merkblatt willkommen gästemappe mappe anweisung"
        " richtlinie regeln der die das und im am zur zum von für"
    )
)
"""Words above statements that may be of any site, team or thing."""

_SCOPES: dict[str, str] = {
    "draft": "draft drafts proposed proposal provisional tentative",
    "plan": "planned plan plans target targets goal goals aim aims budgeted forecast forecasts"
    " expected projected estimate estimated proposes intend intends intended"
    " requested request requests ambition expect expects hope hopes suggested suggests asked",
    "actual": "actual actually achieved result results realised final audited reached delivered"
    " measured",
    "past": "previous previously former formerly old earlier originally original used was were"
    " had did until_now ago predecessor historically once",
    "next": "next upcoming future later following",
    "least": "minimum min least",
    "most": "maximum max most",
    "mean": "average averages mean median typical typically",
    "net": "net",
    "gross": "gross",
    "winter": "winter",
    "summer": "summer",
    "spring": "spring",
    "autumn": "autumn fall",
    "night": "night nights overnight nightly",
    "weekend": "weekend weekends holidays",
    "morning": "morning mornings",
    "afternoon": "afternoon afternoons evening evenings",
    "if": "if unless except without when whenever during while otherwise provided",
    "first": "first 1st i",
    "second": "second 2nd ii",
    "third": "third 3rd iii",
    "fourth": "fourth 4th iv",
    "fifth": "fifth 5th",
    "north": "north northern",
    "south": "south southern",
    "east": "east eastern",
    "west": "west western",
    "left": "left",
    "right": "right",
    "upper": "upper top",
    "lower": "lower bottom",
    "in": "inside indoor indoors internal internally domestic inland national",
    "out": "outside outdoor outdoors external externally foreign abroad international overseas",
    "adult": "adult adults",
    "child": "child children minors pupils",
    "women": "women woman female girls",
    "men": "men male boys",
    "volunteer": "volunteer volunteers",
    "contractor": "contractor contractors subcontractor subcontractors",
    "trainee": "trainee trainees intern interns apprentice apprentices",
    "emergency": "emergency emergencies alarm",
    "part": "part partly partial half-time",
    "full": "full-time",
    "additional": "additional additionally extra more further another other others remaining"
    " rest besides",
    "pair": "single double twin pair",
    "senior": "senior junior",
    "size": "small large big medium heavy light short long",
    "empty": "empty loaded",
    "private": "private public",
    "temporary": "temporary temporarily permanent permanently",
    "arrive": "arrive arrives arrival arrivals arrived",
    "leave": "leave leaves departs departure departures depart departed",
    "start": "start starts begin begins started began beginning",
    "end": "end ends finish finishes ended finished ending expire expires",
    "buy": "buy buys bought purchase purchased",
    "sell": "sell sells sold",
    "income": "income revenue earns earned received receives",
    "cost": "costs cost price prices fee fees spent spends expenditure expenses paid",
    "online": "online remote remotely virtual",
    "back": "return returns returned back backup spare reserve",
    "deputy": "deputy assistant vice acting substitute alternate co",
    "under": "excluding exclusive",
    "incl": "including inclusive includes",
    "rise": "rise rises rose increase increased increases grew grow grows raised",
    "drop": "drop drops fell fall falls decrease decreased decreases reduced",
    "refuse": "rejected refused failed",
    "open": "opens",
    "close": "closes",
    "others": "most_others",
}
SCOPES = {word: name for name, words in _SCOPES.items() for word in words.split()}
"""Words that say of which part, time or kind something is said, with a name for each kind."""
SCOPES_ABOVE = frozenset(
    "draft next past winter summer spring autumn night weekend morning afternoon north south east"
    " west in out adult child women men volunteer contractor trainee deputy".split()
)
"""Those that count in a title or heading, too."""
_NOT_TERMS = STOP_WORDS | frozenset("not no never nor neither none cannot without am pm".split())


def terms_of(text: str) -> frozenset[str]:
    """Return the stems of the words of a text that say what it is about."""
    return frozenset(filter(None, map(_term, WORD.findall(text))))


@keep_of_short(4_096)
def _term(word: str) -> str:
    """Return the stem of a word that says what something is about; empty for another."""
    low = word.lower()
    if low in _NOT_TERMS or not (len(word) > 1 or word.isdigit() or word.isupper()):
        return ""
    return stem(low)


def scopes_of(text: str) -> frozenset[str]:
    """Return the kinds of limits that words of a text name."""
    return frozenset(SCOPES[low] for word in WORD.findall(text) if (low := word.lower()) in SCOPES)
