"""How documents label what they say of themselves, in English, German and Norwegian."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.store.catalog.particulars import ParticularKind

_LABEL = r"\s*[:|]\s*"
_DOCUMENT = (
    r"(?:document|brief|briefing|policy|plan|note|report|paper|guide|guidelines?|guidance|procedure"
    r"|handbook|manual|glossary|memo|memorandum|standard|checklist|protocol|version|edition)"
)
FIELDS: Mapping[str, ParticularKind] = {
    label: what
    for what, labels in {
        ParticularKind.DATE: "date published updated last_updated lastmod modified issued created"
        " dated datum dato stand veröffentlicht aktualisiert oppdatert publisert sist_oppdatert",
        ParticularKind.AUTHOR: "author authors written_by prepared_by from autor autoren verfasser"
        " erstellt_von forfatter skrevet_av utarbeidet_av",
        ParticularKind.OWNER: "owner maintainer responsible document_owner policy_owner"
        " verantwortlich eigentümer eier dokumenteier ansvarlig",
        ParticularKind.APPROVER: "approved_by approver adopted_by genehmigt_von freigegeben_von"
        " godkjent_av",
        ParticularKind.REVIEW: "review review_date review_by next_review next_review_date"
        " review_due nächste_überprüfung überprüfung neste_revisjon neste_gjennomgang",
        ParticularKind.FROM: "effective effective_date effective_from valid_from in_force_from"
        " in_force gültig_ab gilt_ab in_kraft_ab in_kraft_seit gyldig_fra gjelder_fra",
        ParticularKind.UNTIL: "valid_until valid_to valid_through expires expiry expiry_date"
        " expiration_date gültig_bis gilt_bis gyldig_til gjelder_til utløper",
        ParticularKind.VERSION: "version edition revision document_version fassung ausgabe versjon"
        " utgave",
        ParticularKind.REPLACED: "superseded_by replaced_by successor ersetzt_durch abgelöst_durch"
        " nachfolger erstattet_av avløst_av etterfølger",
        ParticularKind.REPLACES: "replaces supersedes previous_version predecessor ersetzt löst_ab"
        " vorgänger"
        " vorgängerversion vorherige_version erstatter avløser forrige_versjon forgjenger",
        ParticularKind.CLASSIFICATION: "classification security_classification confidentiality"
        " sensitivity protective_marking handling tlp klassifizierung klassifikation"
        " vertraulichkeit gradering klassifisering",
    }.items()
    for label in labels.split()
}
"""Fields of front matter and of file properties."""

PEOPLE = {
    ParticularKind.AUTHOR: re.compile(
        rf"(?:(?:authors?|editors?|from|autor(?:in|en)?|verfasser(?:in)?|forfattere?){_LABEL}"
        r"|(?:(?:prepared|written|compiled|drafted|edited|authored) by|(?:erstellt|verfasst) von"
        rf"|(?:utarbeidet|skrevet) av)\b(?:{_LABEL})?|by{_LABEL}"
        r"|by\s(?=[A-ZÀ-Þ]))\s*",
        re.IGNORECASE,
    ),
    ParticularKind.OWNER: re.compile(
        r"(?:(?:(?:document|policy|process) )?(?:owner|maintainer|responsible|custodian|contact"
        r"|(?:dokument)?eigentümer(?:in)?|(?:dokument)?verantwortlich(?:er?)?|(?:dokument)?eier"
        rf"|(?:dokument)?ansvarlig){_LABEL}|(?:owned|maintained|kept) by\b(?:{_LABEL})?)\s*",
        re.IGNORECASE,
    ),
    ParticularKind.APPROVER: re.compile(
        rf"(?:approver{_LABEL}|(?:(?:approved|adopted|signed|authori[sz]ed) by"
        rf"|(?:genehmigt|freigegeben) (?:durch|von)|(?:godkjent|vedtatt) av)\b(?:{_LABEL})?)\s*",
        re.IGNORECASE,
    ),
}
"""How the lines begin that name people."""

DATED = (
    re.compile(
        r"(?:last\s+)?(?:updated|revised|amended|modified|changed)\b|letzte änderung|aktualisiert"
        r"|zuletzt (?:geändert|aktualisiert)|(?:sist )?(?:oppdatert|endret|revidert)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:date|dated|published|issued|release date|as of|status|datum|stand|veröffentlicht|dato"
        r"|publisert|utgitt)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:version|edition|revision|issue|rev\.?|fassung|ausgabe|versjon|utgave)\s+[\w.]+",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:prepared|written|posted|presented|compiled|drafted|adopted|approved|signed|by|erstellt|verfasst"
        r"|genehmigt|beschlossen|utarbeidet|godkjent|vedtatt)\b(?!\s+in\b)",
        re.IGNORECASE,
    ),
    re.compile(r"(?:held|recorded|minutes of|meeting of|meeting on)\b", re.IGNORECASE),
)
"""How the lines begin that date a document, the best first."""
NOT_DATING = re.compile(
    r"\b(?:in force|valid|effective|expires?|replaces|supersedes|review|in kraft|gültig|gilt"
    r"|ersetzt|i kraft|gyldig|gjelder|erstatter|utløper)\b",
    re.IGNORECASE,
)
FROM = re.compile(
    r"\b(?:in force|valid|effective|applies|applicable|takes? effect|comes? into (?:force|effect)"
    r"|in kraft(?: getreten| gesetzt)?|gültig|gilt|tritt|i kraft|gyldig|gjelder|gjeldende)"
    r"(?:\s+(?:from|as of|as from|since|on|date|with effect from|ab|seit|am|dem|fra|fra og med))*"
    r"\s*[:|]?\s*$",
    re.IGNORECASE,
)
UNTIL = re.compile(
    r"\b(?:(?:valid|in force|applies|effective)\s+(?:until|till|to|through)|expires?(?:\s+on)?"
    r"|expiry(?:\s+date)?|expiration(?:\s+date)?|validity|(?:gültig|gilt) bis(?: zum)?"
    r"|läuft ab(?: am)?|(?:gyldig|gjelder) (?:inn)?til(?: og med)?|utløper|utløpsdato)\s*[:|]?\s*"
    r"(?:until\s+)?$",
    re.IGNORECASE,
)
OF_THE_DOCUMENT = re.compile(rf"\b(?:this|the|our)\s+(?:\w+\s+)?{_DOCUMENT}\b", re.IGNORECASE)
VERSION = re.compile(
    r"(?:(?:document |dokument)?(?:version|edition|revision|rev\.?|fassung|ausgabe|versjon|utgave)"
    r"(?: (?:no|nr|number)\.?)?\s*[:|]?\s*(?:v\.?\s*)?|v(?=\d+\.\d))(\d[\w.]*\w|\d)",
    re.IGNORECASE,
)
VERSION_AT_END = re.compile(
    r"[\s,(–-](?:version|edition|revision|rev\.?|fassung|ausgabe|versjon|utgave|v\.?)\s?"
    r"(\d+(?:\.\d+)*)\)?\s*$",
    re.IGNORECASE,
)
"""How a title ends that names its version: "Travel policy, version 3"."""
VERSION_IN_NAME = re.compile(
    r"(?<![^\W_])(?:v|ver|version|rev)[-_. ]?(\d{1,3}(?:\.\d+)*)(?![^\W_])", re.I
)
_CLASSES = (
    r"(?:(?:strictly|highly|company|commercial(?:ly)?(?: in)?|nato|eu|streng|strengt)"
    r" )?(?:restricted|confidential|secret|top secret|internal|public|unclassified|confidentiel"
    r"|vertraulich|geheim|intern|öffentlich|verschlusssache|fortrolig|hemmelig|begrenset|unntatt"
    r" offentlighet|åpen)(?: (?:use only|use|only|document|information|information only))?|(?:for"
    r" )?(?:official|internal) use only|nur für den (?:internen )?dienst\w*|nur für den internen"
    r" gebrauch|tlp ?: ?(?:red|amber(?:\+strict)?|green|clear|white)"
)
IS_CLASS = re.compile(rf"(?:{_CLASSES})", re.IGNORECASE)
"""A classification by itself."""
EVERYDAY_CLASSES = frozenset("public secret intern geheim åpen begrenset information".split())
"""Those that stand on a line for other reasons too, unless in capitals."""
CLASSIFIED = re.compile(
    r"(?:(?:security |document |information )?classification|classified(?: as)?|confidentiality"
    r"|sensitivity|protective marking|handling|distribution|klassifi(?:zierung|kation|sering)"
    r"|vertraulichkeit(?:sstufe)?|gradering|sikkerhetsgrad)"
    rf"(?:{_LABEL}(?P<level>{_CLASSES}|[^\W\d_][\w +-]{{1,30}})|\s+(?P<known>{_CLASSES}))"
    r"(?=\W*$|[.,;|–—·])",
    re.IGNORECASE,
)
REPLACED = re.compile(
    rf"\A\W*(?:status{_LABEL})?"
    r"(?:superseded|withdrawn|obsolete|archived|no longer (?:valid|in force))\b"
    rf"|\A\W*replaced by\b|\b(?:this|the)\s+(?:\w+\s+)?{_DOCUMENT}\s+(?:has been|is|was)\s+"
    r"(?:superseded|replaced|withdrawn|no longer (?:valid|in force))\b",
    re.IGNORECASE,
)
IS_STATUS = re.compile(rf"\W*status{_LABEL}", re.IGNORECASE)
REVIEW = re.compile(
    r"^\W*(?:(?:next|due for|date of(?: next)?)\s+)?(?:review|revision)"
    rf"(?:\s+(?:date|due|by|on))?{_LABEL}"
    r"|^\W*(?:next|due for) review\b|^\W*to be reviewed\b"
    r"|\bnext\s+(?:edition|version|review|update|revision|issue)\b[^.]{0,40}"
    r"\b(?:due|planned|scheduled|expected|appears?|follows?|will|is on|takes place)\b"
    rf"|\b(?:this|the|our)\s+(?:\w+\s+)?{_DOCUMENT}\s+"
    r"(?:(?:is|will be|must be|shall be|should be|has to be)\s+(?:\w+\s+)?"
    r"(?:reviewed|revised|updated|renewed)|is due for (?:review|revision))\b"
    rf"|\b(?:review|revise|update|renew)s?\s+(?:this|the|our)\s+{_DOCUMENT}\b"
    r"|^\W*(?:nächste )?(?:überprüfung|prüfung|revision)(?: (?:am|bis|fällig))?\s*[:|]"
    r"|^\W*zu überprüfen (?:am|bis)\b|^\W*(?:neste )?(?:revisjon|gjennomgang|revidering)"
    r"(?:sdato)?\s*[:|]|^\W*(?:skal )?revideres\b",
    re.IGNORECASE,
)
REVIEW_HEADING = re.compile(
    r"(?:\d[\d.]*\s*)?(?:next\s+)?(?:review|revision|update)s?(?: and \w+| of this \w+| date)?\s*$",
    re.IGNORECASE,
)
_SIGNS_OF_REVIEW = ("revi", "updat", "renew", "next", "prüf", "gjennomgang")


def may_tell_review(text: str) -> bool:
    """Return whether a text may tell of a review; most texts do not."""
    low = text.lower()
    return any(sign in low for sign in _SIGNS_OF_REVIEW)


PAST = re.compile(
    r"\b(?:was|were|been|last)\s+(?:\w+\s+)?(?:reviewed|updated|revised)\b", re.IGNORECASE
)
