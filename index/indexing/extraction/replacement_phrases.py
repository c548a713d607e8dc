"""How documents word what they replace, in English, German and Norwegian."""

from __future__ import annotations

import re

HEAD = 1_500
MAILS = (".eml", ".msg", ".mbox")

_MONTHS = (
    r"jan\w*|feb\w*|mar\w*|mär\w*|apr\w*|may|mai|jun[ei]|jul[iy]|aug\w*|sept?\w*|o[ck]t\w*|nov\w*"
    r"|de[cszt]\w*"
)
_DATE = (
    r"(?:the\s+|den\s+|dem\s+)?(?:\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?)?"
    rf"(?:{_MONTHS}|\d{{4}}|\d{{1,2}}[./]\d{{1,2}}[./])"
)
_SINCE = (
    r"(?:with (?:immediate )?effect(?: from)?|effective(?: from| as of)?|as (?:of|from)|from|since"
    r"|on|starting|ab|mit (?:sofortiger )?wirkung(?: vom| ab| zum)?|zum|seit|am|fra(?: og med)?|med"
    r" (?:umiddelbar )?virkning(?: fra)?|den)"
)
_ADVERB = (
    r"(?:hereby|herewith|now|also|therefore|thus|fully|completely|entirely|formally|hiermit|damit"
    r"|somit|nun|vollständig|auch|herved|dermed|nå|også|helt|fullt ut)"
)
ACTIVE = re.compile(
    rf"\b(?:(?:has|have|will|shall|do(?:es)?)\s+(?:{_ADVERB}\s+)?(?:replaced?|superseded?)"
    r"|(?:replaces|supersedes|cancels|revokes|repeals|replace|supersede|withdraw|cancel)"
    r"(?:\s+and\s+(?:replaces?|supersedes?|cancels?))?"
    r"|takes? the place of|(?:is|as) the successor (?:of|to)|successor (?:of|to)"
    r"|erstatter|avløser|opphever(?:\s+og\s+erstatter)?|ersetzt|ersetzen|hebt"
    r"|tritt an die stelle (?:von|der|des)|löst|(?:er )?etterfølgeren til|trer i stedet for)\b",
    re.IGNORECASE,
)
BASE_FORMS = frozenset("replace supersede withdraw cancel ersetzen hebt löst".split())
REPLACED = re.compile(
    r"\b(?:(?P<aux>(?:has|have)\s+(?:now\s+|since\s+)?been|was|were|is|are|will be|er|ble|har blitt"
    r"|blir|vil bli)\s+)?(?:hereby\s+|now\s+|herved\s+|nå\s+)?"
    r"(?:superseded|replaced|ersetzt|abgelöst|erstattet|erstattes|avløst|avløses)\b"
    rf"(?P<when>,?\s+(?:{_SINCE}\s+)?{_DATE}[^.;,]{{0,24}}?,?)?\s+(?:by|durch|von|av|med)\b",
    re.IGNORECASE,
)
GERMAN_PASSIVE = re.compile(
    r"\b(?:wurde|wird|ist|sind)\b(?P<when>(?:[^.;,]|(?<=\d)\.){0,50}?)\bdurch\b(?P<other>(?:[^.;]"
    r"|(?<=\d)\.){3,160}?)\b(?:ersetzt|abgelöst)\b",
    re.IGNORECASE,
)
NOW_WITHDRAWN = re.compile(
    r"\b(?:is|are|was|were|wird|werden|er|blir|ist)\s+(?:(?:hereby|herewith|thereby|hiermit|damit"
    r"|herved|dermed)\s+(?:withdrawn|superseded|replaced|cancelled|revoked|ersetzt|aufgehoben"
    r"|abgelöst|opphevet|erstattet)|(?:superseded|replaced|ersetzt|erstattet|avløst)\s+(?:by|durch"
    r"|av|med)\s+(?P<self>.{3,60})|durch\s+(?P<selbst>diese\w*\s+[^\W\d_]+)\s+(?:ersetzt|abgelöst"
    r"|aufgehoben))\b|\b(?P<plain>(?:is|are)\s+(?:withdrawn|cancelled|revoked|no longer (?:valid|in"
    r" force))|ceases?\s+to\s+(?:apply|have effect)|tritt\s+(?:[^\W\d_]+\s+){0,3}außer\s+kraft"
    r"|(?:er|blir)\s+(?:opphevet|trukket tilbake)|oppheves)\b",
    re.IGNORECASE,
)
PREVIOUS = re.compile(
    r"(?:previous|prior|last|vorherige|vorige|forrige|tidligere)\s+(?:version|edition|issue|fassung"
    r"|ausgabe|versjon|utgave)\s*[:|]\s*|(?:vorgänger|predecessor|forgjenger)(?:version"
    r"|fassung)?\s*[:|]\s*",
    re.IGNORECASE,
)
WITH_THIS = re.compile(
    r"(?:with|by|upon|on|mit|durch|med|ved)\s+(?:(?:the\s+)?(?:entry into force|adoption"
    r"|publication|inkrafttreten|ikrafttredelsen?|ikrafttreden)\s+(?:of\s+|von\s+"
    r"|av\s+)?)?(?P<self>(?:this|the present|diese\w*|denne|dette)\s+.{2,40}?),?\s+(?:wird|werden"
    r"|tritt|treten|oppheves|erstattes|blir|we\s+(?:replace|withdraw)|(?=the\b|version\b))\s*",
    re.IGNORECASE,
)
THIS = re.compile(
    r"(?:this|the present|these|diese[rsnm]?|(?:die|der|das)\s+vorliegende[rsn]?|denne|dette|disse)"
    r"\s+((?:\w+[\s-]+){0,3}?[^\W\d_]+)",
    re.IGNORECASE,
)
THE = re.compile(
    r"(?:the|our|unsere?|der|die|das|vår|vårt|den|det)\s+(?:(?:new|present|current|revised|updated"
    r"|neue[rsn]?|aktuelle[rsn]?|überarbeitete[rsn]?|nye|oppdaterte|reviderte)\s+)?"
    r"((?:[^\W\d_]+[\s-]+){0,4}?[^\W\d_]+)",
    re.IGNORECASE,
)
THIS_IS = re.compile(
    r"\A(?:this|dies|das|dette|det)\s+(?:is|ist|er)\s+(?:the|an?|our|die|der|das|eine?|en|et)?\s*",
    re.IGNORECASE,
)
THIS_ONE = re.compile(r"(?:this one|diese|dieses|diesen|denne|dette)\s*", re.IGNORECASE)
PRONOUN = re.compile(
    r"(?:it|this|they|es|sie|er|dies|den|det|dette)(?=\s|$)(?:\s+(?:also|auch|også))?",
    re.IGNORECASE,
)
WE = re.compile(r"(?:we|wir|vi)\b", re.IGNORECASE)
OWN_VERSION = re.compile(
    r"(?:version|versjon|fassung|ausgabe|utgave|edition|revision|rev\.?|v)\s?\.?(?:\d[\d.]*"
    r"|[a-h]\b)",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    rf"(?:(?:note|hinweis|merk|status|nb|important|validity|gültigkeit|gyldighet)\s*[:|–-]\s*)?"
    rf"(?:{_SINCE}\s+{_DATE}[^,;:]{{0,20}}?(?:,\s*|\s+(?=this|the|diese|it\b|version|$|replac"
    rf"|supersed))"
    r"|(?:please note(?: that)?|note that|bitte beachten sie(?: dass)?:?|merk at)[,:]?\s+)?",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?:(?:status|validity|note|hinweis|merk)\s*[:|–-]|document|dokument(?:et)?)?[\s:|*]*",
    re.IGNORECASE,
)
OLD_LABEL = re.compile(
    rf"(?:(?:status|note|validity|gültigkeit|gyldighet)\s*[:|–-]\s*)?(?:(?:withdrawn|obsolete"
    rf"|expired"
    rf"|archived|no longer (?:valid|in force)|zurückgezogen|ungültig|außer kraft|trukket tilbake"
    rf"|utgått|opphevet|not in force)(?:\s+{_SINCE}?\s*{_DATE}[^,;]{{0,20}})?\s*[,;:–—-]?\s*"
    r"(?:and|und|og)?\s*)?$",
    re.IGNORECASE,
)
BETWEEN = frozenset(
    "hereby herewith now also therefore thus fully completely entirely formally and which has have"
    " will it that of dated from as with effect on issued in force the valid since is approved"
    " adopted published immediate hiermit damit somit nun vollständig auch und vom von ab gilt seit"
    " mit wirkung herved dermed nå også og av fra med virkning som er gjelder den dem der die das"
    " wird tritt kraft fassung stand at once".split()
)
"""Words between the document and the verb that leave it the subject."""
SUBORDINATE = re.compile(
    r"\b(?:that|how|when|where|whether|if|because|whose|while|why|what|who|says|describes|explains"
    r"|dass|wie|wann|wenn|weil|ob|wo|hvordan|når|hvis|fordi|at|om|hvem|but|than|aber|men)\b",
    re.IGNORECASE,
)
NOT_WHOLE = re.compile(
    r"\b(?:not|never|in part|partly|partially|only|as regards|with regard to|with respect to"
    r"|in respect of|insofar|so far as|except|temporarily|for the time being|until|nicht|nie"
    r"|teilweise|nur|soweit|außer|ausgenommen|vorübergehend|bis|ikke|aldri|delvis|bare|kun|unntatt"
    r"|midlertidig|inntil|if|unless|wenn|falls|hvis|dersom|once approved|proposed|would|could)\b",
    re.IGNORECASE,
)
MUST_NOT = re.compile(
    r"\b(?:to|may|can|could|should|must|might|would|not|never|yet|kan|bør|må|skal|kann|soll|muss"
    r"|ikke|nicht|often|usually|sometimes|already|when|if|once|until)\s*(?:be|been)?\s*$",
    re.IGNORECASE,
)
BEFORE_SINCE = re.compile(rf"\b{_SINCE}\s*(?:the\s+|den\s+|dem\s+)?$", re.IGNORECASE)
AND = re.compile(r"\s*(?:,\s*)?(?:and|und|og|as well as|sowie|samt)\s+(?:also\s+)?", re.IGNORECASE)
QUOTES = "\"“„«»‘'”>"
CONTROL = re.compile(
    r"(?:document (?:control|history|information)|revision|version|history|validity|status"
    r"|change log|changes|in force|entry into force|final provisions|schlussbestimmungen|gültigkeit"
    r"|inkrafttreten"
    r"|dokumentenlenkung|historie|gyldighet|ikrafttredelse|dokumentkontroll|about this)",
    re.IGNORECASE,
)
WITHDRAWN = re.compile(
    r"\s(?:is|was|has been|ist|wurde|er|ble)\s+(?:withdrawn|zurückgezogen|trukket tilbake"
    r"|no longer (?:valid|in force)|opphevet|obsolete|out of date|outdated|veraltet|überholt"
    r"|utgått|foreldet|utdatert)\b",
    re.IGNORECASE,
)
ENDED = re.compile(
    r"\b(?:withdrawn|superseded|replaced|cancelled|repealed|revoked|ersetzt|aufgehoben|abgelöst"
    r"|opphevet|erstattet|außer kraft)\b",
    re.IGNORECASE,
)
ENDS_IT = re.compile(r"\b(?:oppheves|erstattes|withdraw|replace)\b", re.IGNORECASE)
ADVERBS = re.compile(rf"^\s*(?:{_ADVERB}\s+)+", re.IGNORECASE)
PASSIVE = re.compile(r"\b(?:wird|wurde|werden|ist|sind)\b", re.IGNORECASE)
HOLDS = re.compile(
    r"(?:valid|in (?:force|effect)|effective|approved|adopted|issued|published|gültig|in kraft|gilt"
    r"|genehmigt|beschlossen|gyldig|gjelder|i kraft|vedtatt|godkjent)\b",
    re.IGNORECASE,
)
"""Begins a sentence about the document that names no subject."""
PLURAL = re.compile(r"(?:these|we|diese|wir|disse|vi)\b", re.IGNORECASE)
VERSION_NUMBER = re.compile(r"\b(?:version|versjon|fassung|v|rev)\.?\s?[\d.]+", re.IGNORECASE)
JOINED = re.compile(rf"(?:\band|\bund|\bog|,)\s*(?:it\s+)?(?:{_ADVERB}\s+)?$", re.IGNORECASE)
CLAUSE_ENDS = re.compile(r"[.;]\s|\band\b|\bund\b|\bog\b|,")
EMPHASIS = re.compile(r"[*_`#]++(?=\s|\w|$)|(?<=\w)[*`]++")
GOES_WITH = re.compile(r"[\s-]+([^\W\d_]+)")
LETTERS = re.compile(r"[^\W\d_]+")


_SIGNS = (
    "replac supersed cancel revok repeal withdr place successor predecessor longer cease"
    " previous prior last ersetzt ersetzen hebt stelle löst aufgehoben kraft vorgänger vorige"
    " vorherige erstatt avløs opphev etterfølger trer trukket forgjenger forrige tidligere"
).split()


def introduction_end(text: str) -> int:
    """Return where a sentence begins after a label, a date or "please note that"."""
    found = _INTRODUCED.match(text)
    return found.end() if found else 0


def may_say_so(text: str) -> bool:
    """Return whether a text may say that something is replaced; most do not, which this tells."""
    low = text.lower()
    return any(sign in low for sign in _SIGNS)
